using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;
using Tuner.Core.Trials;
using Tuner.Service.Storage;
using Tuner.Testing.Databases;

namespace Tuner.Service.Tests.Storage;

/// <summary>A database that stopped at any step of the schema goes on to the last one, with what was in it.</summary>
public abstract class MigrationContract
{
    [StoreFact]
    public async Task Every_earlier_schema_is_brought_up_to_date_with_what_is_in_it()
    {
        for (var steps = 1; steps < MigrationScript.All.Length; steps++)
        {
            var place = await NewAsync(steps);
            await using (var connection = await ConnectAsync(place))
            {
                await connection.ExecuteAsync("create table schema_steps (name text not null primary key, applied_at bigint not null)");
                foreach (var script in MigrationScript.All.Take(steps))
                {
                    await connection.ExecuteAsync(InItsWords(script.Text));
                    await connection.ExecuteAsync("insert into schema_steps (name, applied_at) values (@Name, 0)", new { script.Name });
                }

                await connection.ExecuteAsync(
                    """
                    insert into sweeps (id, name, fingerprint, submission, state, reason, created_at, changed_at, running_ticks, seen_at)
                    values ('old', 'digits', 'aa', '{}', 'Running', 'submitted', 1000, 1000, 50000000, 6000)
                    """);
                await connection.ExecuteAsync(
                    """
                    insert into trials (id, sweep_id, number, candidate, purpose, state, detail, deployed_ticks, created_at, changed_at)
                    values ('old-1', 'old', 1, '[["workers","2"]]', 'Baseline', 'Deploying', '{}', 0, 2000, 2500)
                    """);
            }

            var database = await OpenAsync(place);
            var stores = new SweepStores(database);

            var claim = (await stores.Claims.ClaimNextAsync("a", TimeSpan.FromSeconds(30), [], default))!;
            Assert.Equal(("old", StoredSweep.DefaultProject), (claim.Id.Value, (await stores.Sweeps.FindSweepAsync(claim.Id, default))!.Project));
            Assert.IsType<TrialState.Deploying>(Assert.Single(await stores.Sweeps.TrialsAsync(claim.Id, default)).State);
            Assert.True(await stores.Sweeps.EndWorkAsync(claim, SweepState.Cancelled, "done", null, default));
            await using var again = await database.ConnectAsync(default);
            Assert.Equal(MigrationScript.All.Select(script => script.Name), (await again.QueryAsync<string>("select name from schema_steps")).Order(StringComparer.Ordinal));
            await CloseAsync(database);
        }
    }

    /// <summary>A new place for a database, by a number of its own.</summary>
    protected abstract Task<string> NewAsync(int number);

    protected abstract Task<DbConnection> ConnectAsync(string place);

    protected abstract Task<Database> OpenAsync(string place);

    protected abstract string InItsWords(string script);

    protected abstract Task CloseAsync(Database database);
}

public sealed class SqliteMigrationTests : MigrationContract, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tuner-steps-").FullName;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    protected override Task<string> NewAsync(int number) => Task.FromResult(Path.Combine(folder, $"{number}.db"));

    protected override async Task<DbConnection> ConnectAsync(string place)
    {
        var connection = new SqliteConnection($"Data Source={place}");
        await connection.OpenAsync();
        return connection;
    }

    protected override async Task<Database> OpenAsync(string place) => await SqliteDatabase.OpenAsync(place, default);

    protected override string InItsWords(string script) => script;

    protected override Task CloseAsync(Database database) => Task.CompletedTask;
}

[NeedsPostgres]
public sealed class PostgresMigrationTests : MigrationContract
{
    protected override Task<string> NewAsync(int number) => PostgresServer.NewDatabaseAsync();

    protected override async Task<DbConnection> ConnectAsync(string place)
    {
        var connection = new NpgsqlConnection(place);
        await connection.OpenAsync();
        return connection;
    }

    protected override async Task<Database> OpenAsync(string place) => await PostgresDatabase.OpenAsync(place, default);

    protected override string InItsWords(string script) => script.Replace("blob ", "bytea ", StringComparison.Ordinal);

    protected override async Task CloseAsync(Database database) => await ((PostgresDatabase)database).DisposeAsync();
}
