using Dapper;
using Microsoft.Data.Sqlite;

namespace Tuner.Service.Tests.Storage;

/// <summary>A database as version 0.1 wrote it, with a sweep that was stopped in the middle of a trial.</summary>
internal static class FirstVersion
{
    public const string Sweep = "digits-20261122-081640";

    private const string Schema =
        """
        create table sweeps (
            id text not null primary key, name text not null, fingerprint text not null, submission text not null, state text not null, reason text not null,
            stop_kind text null, created_at bigint not null, changed_at bigint not null, running_ticks bigint not null, seen_at bigint not null);
        create index sweeps_by_fingerprint on sweeps (fingerprint, created_at);
        create table trials (
            id text not null primary key, sweep_id text not null references sweeps (id) on delete cascade, number integer not null, candidate text not null,
            purpose text not null, state text not null, detail text not null, measurement blob null, deployed_ticks bigint not null, created_at bigint not null,
            changed_at bigint not null, unique (sweep_id, number));
        create table trial_changes (
            trial_id text not null references trials (id) on delete cascade, changed_at bigint not null, from_state text not null, to_state text not null, reason text not null);
        create index trial_changes_by_trial on trial_changes (trial_id);
        pragma user_version = 1;
        """;

    public static async Task WriteAsync(string file)
    {
        await using var connection = new SqliteConnection($"Data Source={file}");
        await connection.OpenAsync();
        await connection.ExecuteAsync(Schema);
        await connection.ExecuteAsync("insert into sweeps values (@Sweep, 'digits', 'aa', '{}', 'Running', 'submitted', null, 1000, 1000, 50000000, 6000)", new { Sweep });
        await connection.ExecuteAsync(
            """insert into trials values (@id, @Sweep, 1, '[["workers","2"]]', 'Baseline', 'Deploying', '{}', null, 0, 2000, 2500)""", new { Sweep, id = Sweep + "-1" });
    }
}
