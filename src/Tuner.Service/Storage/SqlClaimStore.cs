using System.Collections.Immutable;
using System.Data.Common;
using Dapper;
using Tuner.Core.Sweeps;

namespace Tuner.Service.Storage;

/// <summary>Claims in the rows of the sweeps. On PostgreSQL leases count by the server's clock, on SQLite by the machine's.</summary>
public sealed class SqlClaimStore(Database database) : IClaimStore
{
    /// <summary>Others may be faster: so many sweeps are tried before coming back later.</summary>
    private const int Attempts = 8;

    private string Free => $"state in ('Queued', 'Running') and (lease_until is null or lease_until < {database.Clock})";

    public async Task<SweepClaim?> ClaimNextAsync(string node, TimeSpan lease, IReadOnlyCollection<SweepId> except, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);

        // What was begun goes first; then whoever has waited longest.
        var ids = await connection.QueryAsync<string>(
            $"select id from sweeps where {Free} order by case state when 'Running' then 0 else 1 end, created_at, id limit {Attempts + except.Count}",
            new { now = Now() });
        foreach (var id in ids.AsList().Where(id => !except.Contains(new SweepId(id))))
        {
            if (await ClaimAsync(new SweepId(id), node, lease, cancellationToken) is { } claim)
            {
                return claim;
            }
        }

        return null;
    }

    public Task<SweepClaim?> ClaimAsync(SweepId id, string node, TimeSpan lease, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async (connection, transaction) =>
            {
                var before = await connection.QuerySingleOrDefaultAsync<(string State, string? Node, long Fence)?>(
                    $"select state, node, fence from sweeps where id = @id and {Free}{database.ForUpdate}", new { id = id.Value, now = Now() }, transaction);
                if (before is not var (state, holder, fence))
                {
                    return null;
                }

                var reason = holder is null ? $"taken up by {node}" : $"taken over by {node}, since {holder} let its lease run out";
                await connection.ExecuteAsync(
                    $"""
                    update sweeps set state = 'Running', reason = @reason, changed_at = @now, node = @node, fence = fence + 1, lease_until = {database.Clock} + @lease
                    where id = @id
                    """,
                    new { id = id.Value, node, reason, now = Now(), lease = (long)lease.TotalMilliseconds },
                    transaction);
                await SweepHistory.RecordAsync(connection, transaction, id, state, nameof(SweepState.Running), reason, Now());
                return new SweepClaim(id, node, fence + 1, holder);
            },
            cancellationToken);

    public Task<ImmutableArray<LeaseAnswer?>> RenewAsync(IReadOnlyList<LeaseRenewal> renewals, TimeSpan lease, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async (connection, transaction) =>
            {
                var answers = ImmutableArray.CreateBuilder<LeaseAnswer?>(renewals.Count);
                foreach (var (claim, ranFor) in renewals)
                {
                    var answer = await connection.QuerySingleOrDefaultAsync<Renewed>(
                        $"""
                        update sweeps set lease_until = {database.Clock} + @lease, running_ticks = running_ticks + @ticks, seen_at = @now
                        where id = @id and node = @Node and fence = @Fence and state = 'Running'
                        returning request as Request, request_reason as Reason
                        """,
                        new { id = claim.Id.Value, claim.Node, claim.Fence, lease = (long)lease.TotalMilliseconds, ticks = ranFor.Ticks, now = Now() },
                        transaction);
                    answers.Add(answer is null ? null : new LeaseAnswer(answer.Request is null ? null : Enum.Parse<SweepRequest>(answer.Request), answer.Reason));
                }

                return answers.MoveToImmutable();
            },
            cancellationToken);

    public async Task<ImmutableArray<string>> HoldersAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        return [.. await connection.QueryAsync<string>("select distinct node from sweeps where node is not null")];
    }

    public async Task<int> EndLeasesAsync(string node, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        return await connection.ExecuteAsync("update sweeps set lease_until = 0 where node = @node", new { node });
    }

    private long Now() => database.Time.GetUtcNow().ToUnixTimeMilliseconds();

    private sealed record Renewed
    {
        public string? Request { get; init; }

        public string? Reason { get; init; }
    }
}
