using System.Collections.Immutable;
using System.Data.Common;
using Dapper;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Service.Storage;

/// <summary>
/// Slots of named pools, shared by all nodes. A slot is held until it is given back: also while its holder cannot be
/// reached, since its candidate may still run there. Sweeps take turns.
/// </summary>
public sealed class SlotStore(Database database)
{
    /// <summary>Who did not ask again for so long does not wait any more.</summary>
    private static readonly TimeSpan StillWaiting = TimeSpan.FromSeconds(10);

    /// <summary>Sets how many candidates may run in a pool at once; a pool that was never set has one slot.</summary>
    public async Task SetPoolAsync(string pool, int slots, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        await connection.ExecuteAsync(
            "insert into slot_pools (name, slots) values (@pool, @slots) on conflict (name) do update set slots = excluded.slots", new { pool, slots });
    }

    /// <summary>Asks for a slot for a trial; null when it is not the trial's turn yet: ask again soon.</summary>
    public Task<int?> TakeAsync(string pool, SweepClaim claim, TrialId trial, CancellationToken cancellationToken) => database.InTransactionAsync<int?>(
        async (connection, transaction) =>
        {
            await connection.ExecuteAsync("insert into slot_pools (name, slots) values (@pool, 1) on conflict do nothing", new { pool }, transaction);
            var slots = await connection.ExecuteScalarAsync<int>($"select slots from slot_pools where name = @pool{database.ForUpdate}", new { pool }, transaction);
            var now = await connection.ExecuteScalarAsync<long>($"select {database.Clock}", new { now = Now() }, transaction);

            // Asked again by one whose answer was lost: it has its slot already.
            if (await connection.QuerySingleOrDefaultAsync<int?>("select slot from slots where pool = @pool and trial_id = @trial", new { pool, trial = trial.Value }, transaction) is { } had)
            {
                return had;
            }

            var held = (await connection.QueryAsync<int>("select slot from slots where pool = @pool", new { pool }, transaction)).ToHashSet();
            await WaitAsync(connection, transaction, pool, claim, trial, now);
            var free = Enumerable.Range(1, slots).Where(slot => !held.Contains(slot)).ToList();
            var turn = (await connection.QueryAsync<string>(
                """
                select w.trial_id from slot_waits w left join slot_turns t on t.pool = w.pool and t.sweep_id = w.sweep_id
                where w.pool = @pool order by coalesce(t.last_at, 0), w.asked_at, w.trial_id limit @count
                """,
                new { pool, count = free.Count },
                transaction)).ToList();
            if (!turn.Contains(trial.Value, StringComparer.Ordinal))
            {
                return null;
            }

            await connection.ExecuteAsync("delete from slot_waits where pool = @pool and trial_id = @trial", new { pool, trial = trial.Value }, transaction);
            // Later than every turn before, also where the clock was put back: else one would have all turns until it has caught up.
            var last = await connection.ExecuteScalarAsync<long>("select coalesce(max(last_at), 0) from slot_turns where pool = @pool", new { pool }, transaction);
            await connection.ExecuteAsync(
                "insert into slot_turns (pool, sweep_id, last_at) values (@pool, @sweep, @turn) on conflict (pool, sweep_id) do update set last_at = excluded.last_at",
                new { pool, sweep = claim.Id.Value, turn = Math.Max(now, last + 1) },
                transaction);
            await connection.ExecuteAsync(
                "insert into slots (pool, slot, sweep_id, trial_id, node, fence, taken_at) values (@pool, @slot, @sweep, @trial, @Node, @Fence, @now)",
                new { pool, slot = free[0], sweep = claim.Id.Value, trial = trial.Value, claim.Node, claim.Fence, now },
                transaction);
            return free[0];
        },
        cancellationToken);

    /// <summary>Gives a trial's slot back, or its place in the queue.</summary>
    public async Task ReleaseAsync(string pool, TrialId trial, string node, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        var parameters = new { pool, trial = trial.Value, node };
        await connection.ExecuteAsync("delete from slots where pool = @pool and trial_id = @trial and node = @node", parameters);
        await connection.ExecuteAsync("delete from slot_waits where pool = @pool and trial_id = @trial and node = @node", parameters);
    }

    /// <summary>Gives back every slot of a node whose candidates are known to be gone; returns how many.</summary>
    public async Task<int> ReleaseNodeAsync(string node, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        await connection.ExecuteAsync("delete from slot_waits where node = @node", new { node });
        return await connection.ExecuteAsync("delete from slots where node = @node", new { node });
    }

    /// <summary>An operator's word that nothing runs in the slot any more; false when nobody holds it.</summary>
    public async Task<bool> FreeAsync(string pool, int slot, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        return await connection.ExecuteAsync("delete from slots where pool = @pool and slot = @slot", new { pool, slot }) == 1;
    }

    /// <summary>Every slot that is held, by pool and number.</summary>
    public async Task<ImmutableArray<HeldSlot>> HeldAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        var rows = await connection.QueryAsync<HeldRow>(
            """
            select s.pool, s.slot, s.sweep_id as Sweep, s.trial_id as Trial, s.node, s.taken_at as TakenAt,
                   case when w.id is null or w.node is null or w.node <> s.node or w.fence <> s.fence then 0 else 1 end as Held
            from slots s left join sweeps w on w.id = s.sweep_id order by s.pool, s.slot
            """);
        return [.. rows.Select(row => new HeldSlot(row.Pool, (int)row.Slot, new SweepId(row.Sweep), new TrialId(row.Trial), row.Node, DateTimeOffset.FromUnixTimeMilliseconds(row.TakenAt), row.Held == 0))];
    }

    private static async Task WaitAsync(DbConnection connection, DbTransaction transaction, string pool, SweepClaim claim, TrialId trial, long now)
    {
        await connection.ExecuteAsync(
            """
            insert into slot_waits (pool, trial_id, sweep_id, node, asked_at, seen_at) values (@pool, @trial, @sweep, @Node, @now, @now)
            on conflict (pool, trial_id) do update set seen_at = excluded.seen_at, node = excluded.node
            """,
            new { pool, trial = trial.Value, sweep = claim.Id.Value, claim.Node, now },
            transaction);
        // Seen later than now: before the clock was put back. Who still waits asks again and is in again.
        var waiting = (long)StillWaiting.TotalMilliseconds;
        await connection.ExecuteAsync("delete from slot_waits where pool = @pool and (seen_at < @old or seen_at > @ahead)", new { pool, old = now - waiting, ahead = now + waiting }, transaction);
    }

    private long Now() => database.Time.GetUtcNow().ToUnixTimeMilliseconds();

    private sealed record HeldRow
    {
        public string Pool { get; init; } = "";

        public long Slot { get; init; }

        public string Sweep { get; init; } = "";

        public string Trial { get; init; } = "";

        public string Node { get; init; } = "";

        public long TakenAt { get; init; }

        public long Held { get; init; }
    }
}

/// <summary>A slot that a trial's candidate holds.</summary>
/// <param name="Unreachable">The node that started the candidate has lost its claim, and nobody knows whether the candidate still runs.</param>
public sealed record HeldSlot(string Pool, int Slot, SweepId Sweep, TrialId Trial, string Node, DateTimeOffset TakenAt, bool Unreachable);
