using System.Collections.Immutable;
using System.Data.Common;
using Dapper;
using Tuner.Service.Access;
using Tuner.Service.Storage;

namespace Tuner.Service.Notifications;

/// <summary>
/// What is still to be told to whom. An event is put in once for each subscription, under an id of its own, and goes out
/// until it was taken; an attempt is claimed first, so that two nodes do not make it at the same time.
/// </summary>
public sealed class Outbox(Database database, SecretSeal seal)
{
    /// <summary>Nothing waits longer: what is due later than this was put off before the clock was put back.</summary>
    private static readonly TimeSpan Farthest = Courier.LongestPause + TimeSpan.FromMinutes(1);

    /// <summary>Puts an event in for every subscription of its project; again changes nothing.</summary>
    public Task PutAsync(NotifiedEvent told, CancellationToken cancellationToken) => database.InTransactionAsync(
        async (connection, transaction) =>
        {
            await PutAsync(connection, transaction, told);
            return true;
        },
        cancellationToken);

    /// <summary>Puts one event in for one subscription, whatever its project; false where there is no such subscription.</summary>
    public Task<bool> PutAsync(NotifiedEvent told, string subscription, CancellationToken cancellationToken) => database.InTransactionAsync(
        async (connection, transaction) =>
        {
            var kind = await connection.QuerySingleOrDefaultAsync<string?>("select kind from subscriptions where id = @subscription", new { subscription }, transaction);
            if (kind is not null)
            {
                await PutAsync(connection, transaction, told, subscription, kind);
            }

            return kind is not null;
        },
        cancellationToken);

    /// <summary>The same within the transaction of the change that is told of: neither is stored without the other.</summary>
    internal static async Task PutAsync(DbConnection connection, DbTransaction transaction, NotifiedEvent told)
    {
        var subscriptions = await connection.QueryAsync<(string Id, string Kind)>("select id, kind from subscriptions where project = @Project", new { told.Project }, transaction);
        foreach (var (id, kind) in subscriptions.AsList())
        {
            await PutAsync(connection, transaction, told, id, kind);
        }
    }

    /// <summary>Claims deliveries that are due; each is not due again before the pause is over, whatever becomes of the attempt.</summary>
    public async Task<ImmutableArray<Delivery>> ClaimDueAsync(TimeSpan pause, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        var now = Now();
        var rows = await connection.QueryAsync<Row>(
            """
            select o.id, o.event, o.payload, o.attempts, o.next_at as NextAt, s.url, s.kind, s.secret, s.id as Subscription, s.project
            from outbox o join subscriptions s on s.id = o.subscription 
            where o.next_at <= @now or o.next_at > @ahead order by o.next_at limit @limit
            """,
            new { now, limit, ahead = now + (long)Farthest.TotalMilliseconds });
        var claimed = ImmutableArray.CreateBuilder<Delivery>();
        foreach (var row in rows.AsList())
        {
            var mine = await connection.ExecuteAsync(
                "update outbox set next_at = @later, attempts = attempts + 1 where id = @Id and next_at = @NextAt",
                new { row.Id, row.NextAt, later = now + (long)pause.TotalMilliseconds });
            if (mine == 1)
            {
                claimed.Add(new Delivery(row.Id, row.Event, row.Payload, (int)row.Attempts + 1, () => Open(row)));
            }
        }

        return claimed.ToImmutable();
    }

    public async Task DeliveredAsync(string id, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        await connection.ExecuteAsync("update outbox set delivered_at = @now, next_at = null, problem = null where id = @id", new { id, now = Now() });
    }

    /// <param name="next">When to try again; null to give up.</param>
    public async Task FailedAsync(string id, string problem, DateTimeOffset? next, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        await connection.ExecuteAsync("update outbox set problem = @problem, next_at = @next where id = @id and delivered_at is null", new { id, problem, next = next?.ToUnixTimeMilliseconds() });
    }

    private static Task PutAsync(DbConnection connection, DbTransaction transaction, NotifiedEvent told, string subscription, string kind) => connection.ExecuteAsync(
        """
        insert into outbox (id, subscription, event, payload, created_at, next_at, attempts)
        values (@key, @subscription, @Kind, @payload, @now, @now, 0) on conflict do nothing
        """,
        new { key = $"{told.Id} {subscription}", subscription, told.Kind, payload = Payloads.Write(told, Enum.Parse<PayloadKind>(kind)), now = told.At.ToUnixTimeMilliseconds() },
        transaction);

    private Subscription Open(Row row) =>
        new(row.Subscription, row.Project, new Uri(seal.Open(row.Url, row.Subscription)), Enum.Parse<PayloadKind>(row.Kind), seal.Open(row.Secret, row.Subscription));

    private long Now() => database.Time.GetUtcNow().ToUnixTimeMilliseconds();

    private sealed record Row
    {
        public string Id { get; init; } = "";

        public string Event { get; init; } = "";

        public string Payload { get; init; } = "";

        public long Attempts { get; init; }

        public long NextAt { get; init; }

        public string Url { get; init; } = "";

        public string Kind { get; init; } = "";

        public string Secret { get; init; } = "";

        public string Subscription { get; init; } = "";

        public string Project { get; init; } = "";
    }
}

/// <summary>One event for one subscription, to be sent now.</summary>
/// <param name="Attempt">1 for the first.</param>
/// <param name="Open">Address and secret, opened where they are used.</param>
public sealed record Delivery(string Id, string Event, string Payload, int Attempt, Func<Subscription> Open);
