using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using Dapper;
using Tuner.Core.Sweeps;

namespace Tuner.Service.Storage;

/// <summary>
/// Claims in the rows of the sweeps. On PostgreSQL leases are written by the server's clock, on SQLite by the machine's; whether
/// one has run out is told by watching it, since such clocks jump.
/// </summary>
public sealed class SqlClaimStore(Database database) : IClaimStore
{
    /// <summary>Others may be faster: so many sweeps are tried before coming back later.</summary>
    private const int Attempts = 8;

    private readonly LeaseWatch watch = new(database.Time);

    private const string Open = "state in ('Queued', 'Running')";

    private const string Unheld = $"{Open} and coalesce(lease_until, 0) = 0";

    /// <summary>For whoever looks once. A lease that ends later than any is from before the clock was put back.</summary>
    private string Free => $"{Open} and (lease_until is null or lease_until < {database.Clock} or lease_until > {database.Clock} + 2 * @lease)";

    public async Task<SweepClaim?> ClaimNextAsync(string node, TimeSpan lease, IReadOnlyCollection<SweepId> except, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);

        var silent = watch.Silent(
            await connection.QueryAsync<HeldLease>("select id as Id, fence as Fence, lease_until as Until from sweeps where state = 'Running' and lease_until > 0"), lease);

        // What was begun goes first; then whoever has waited longest.
        foreach (var held in silent.Where(held => !except.Contains(new SweepId(held.Id))))
        {
            if (await ClaimAsync(new SweepId(held.Id), node, lease, "state = 'Running' and fence = @fence and lease_until = @until", held, cancellationToken) is { } claim)
            {
                return claim;
            }
        }

        var ids = await connection.QueryAsync<string>(
            $"select id from sweeps where {Unheld} order by case state when 'Running' then 0 else 1 end, created_at, id limit {Attempts + except.Count}");
        foreach (var id in ids.AsList().Where(id => !except.Contains(new SweepId(id))))
        {
            if (await ClaimAsync(new SweepId(id), node, lease, Unheld, held: null, cancellationToken) is { } claim)
            {
                return claim;
            }
        }

        return null;
    }

    public Task<SweepClaim?> ClaimAsync(SweepId id, string node, TimeSpan lease, CancellationToken cancellationToken) =>
        ClaimAsync(id, node, lease, Free, held: null, cancellationToken);

    private Task<SweepClaim?> ClaimAsync(SweepId id, string node, TimeSpan lease, string free, HeldLease? held, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async (connection, transaction) =>
            {
                var parameters = new { id = id.Value, now = Now(), lease = (long)lease.TotalMilliseconds, fence = held?.Fence ?? 0, until = held?.Until ?? 0 };
                var before = await connection.QuerySingleOrDefaultAsync<(string State, string? Node, long Fence, long Until, long SeenAt)?>(
                    $"select state, node, fence, coalesce(lease_until, 0), seen_at from sweeps where id = @id and {free}{database.ForUpdate}", parameters, transaction);
                if (before is not var (state, holder, fence, until, seenAt))
                {
                    return null;
                }

                var reason = Reason(node, holder, hasEnded: until == 0, DateTimeOffset.FromUnixTimeMilliseconds(seenAt));
                await connection.ExecuteAsync(
                    $"""
                    update sweeps set state = 'Running', reason = @reason, changed_at = @now, node = @node, fence = fence + 1, lease_until = {database.Clock} + @lease
                    where id = @id
                    """,
                    new { parameters.id, node, reason, parameters.now, parameters.lease },
                    transaction);
                await SweepHistory.RecordAsync(connection, transaction, id, state, nameof(SweepState.Running), reason, Now());
                return new SweepClaim(id, node, fence + 1, holder);
            },
            cancellationToken);

    public Task<ImmutableArray<LeaseAnswer?>> RenewAsync(IReadOnlyList<LeaseRenewal> renewals, TimeSpan lease, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async (connection, transaction) =>
            {
                // One statement for all, prepared once: a node renews hundreds every second.
                var answers = ImmutableArray.CreateBuilder<LeaseAnswer?>(renewals.Count);
                await using var command = connection.CreateCommand();
                command.Transaction = transaction;
                command.CommandText =
                    $"""
                    update sweeps set lease_until = {database.Clock} + @lease, running_ticks = running_ticks + @ticks, seen_at = @now
                    where id = @id and node = @node and fence = @fence and state = 'Running'
                    returning request, request_reason
                    """;
                foreach (var (claim, ranFor) in renewals)
                {
                    Set(command, "lease", (long)lease.TotalMilliseconds);
                    Set(command, "ticks", ranFor.Ticks);
                    Set(command, "now", Now());
                    Set(command, "id", claim.Id.Value);
                    Set(command, "node", claim.Node);
                    Set(command, "fence", claim.Fence);
                    answers.Add(await AnswerAsync(command, cancellationToken));
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

    /// <summary>Why the sweep has a new node, for whoever wonders what became of it.</summary>
    private static string Reason(string node, string? holder, bool hasEnded, DateTimeOffset seenAt) => holder switch
    {
        null => $"taken up by {SweepClaim.Words(node)}",
        _ when string.Equals(holder, node, StringComparison.Ordinal) => $"taken up again by {SweepClaim.Words(node)}, which could not reach the database in time to keep it",
        _ when hasEnded => $"taken over by {SweepClaim.Words(node)}: {SweepClaim.Words(holder)} was killed or broke down while it worked on it",
        _ => string.Create(CultureInfo.InvariantCulture, $"taken over by {SweepClaim.Words(node)}: {SweepClaim.Words(holder)} has not been heard of since {seenAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC"),
    };

    private long Now() => database.Time.GetUtcNow().ToUnixTimeMilliseconds();

    private static async Task<LeaseAnswer?> AnswerAsync(DbCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new LeaseAnswer(reader.IsDBNull(0) ? null : Enum.Parse<SweepRequest>(reader.GetString(0)), reader.IsDBNull(1) ? null : reader.GetString(1))
            : null;
    }

    private static void Set(DbCommand command, string name, object value)
    {
        if (command.Parameters.Contains(name))
        {
            command.Parameters[name].Value = value;
            return;
        }

        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }
}
