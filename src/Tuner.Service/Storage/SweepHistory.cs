using System.Collections.Immutable;
using System.Data.Common;
using Dapper;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Service.Storage;

/// <summary>The changes of states, kept with their reasons.</summary>
internal static class SweepHistory
{
    public static Task RecordAsync(DbConnection connection, DbTransaction transaction, SweepId id, string from, string to, string reason, long at) =>
        AddAsync(connection, transaction, "sweep_changes", "sweep_id", new Change(id.Value, at, from, to, reason));

    public static Task RecordAsync(DbConnection connection, DbTransaction transaction, TrialId id, string from, string to, string reason, long at) =>
        AddAsync(connection, transaction, "trial_changes", "trial_id", new Change(id.Value, at, from, to, reason));

    public static Task<ImmutableArray<StateChange>> OfSweepAsync(DbConnection connection, SweepId id) => ReadAsync(connection, "sweep_changes", "sweep_id", id.Value);

    public static Task<ImmutableArray<StateChange>> OfTrialAsync(DbConnection connection, TrialId id) => ReadAsync(connection, "trial_changes", "trial_id", id.Value);

    /// <summary>Oldest first; the number keeps the order of changes in the same millisecond.</summary>
    private static async Task<ImmutableArray<StateChange>> ReadAsync(DbConnection connection, string table, string key, string id)
    {
        var rows = await connection.QueryAsync<(long At, string From, string To, string Reason)>(
            $"select changed_at, from_state, to_state, reason from {table} where {key} = @id order by number, changed_at", new { id });
        return [.. rows.Select(row => new StateChange(DateTimeOffset.FromUnixTimeMilliseconds(row.At), row.From, row.To, row.Reason))];
    }

    private static Task AddAsync(DbConnection connection, DbTransaction transaction, string table, string key, Change change) =>
        connection.ExecuteAsync(
            $"""
            insert into {table} ({key}, changed_at, from_state, to_state, reason, number)
            values (@Id, @At, @From, @To, @Reason, (select count(*) from {table} where {key} = @Id))
            """,
            change,
            transaction);

    private sealed record Change(string Id, long At, string From, string To, string Reason);
}
