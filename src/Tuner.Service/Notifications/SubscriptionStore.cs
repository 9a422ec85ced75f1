using System.Collections.Immutable;
using Dapper;
using Tuner.Service.Access;
using Tuner.Service.Storage;

namespace Tuner.Service.Notifications;

/// <summary>Who is told of what. Addresses are sealed as secrets are: that of a Slack webhook is one.</summary>
public sealed class SubscriptionStore(Database database, SecretSeal seal)
{
    /// <exception cref="SealException">There is no key to seal with.</exception>
    public async Task AddAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        var (url, secret) = (seal.Seal(subscription.Url.AbsoluteUri, subscription.Id), seal.Seal(subscription.Secret, subscription.Id));
        await using var connection = await database.ConnectAsync(cancellationToken);
        await connection.ExecuteAsync(
            "insert into subscriptions (id, project, url, host, kind, secret, created_at) values (@Id, @Project, @url, @host, @kind, @secret, @now)",
            new { subscription.Id, subscription.Project, url, host = subscription.Url.GetLeftPart(UriPartial.Authority), kind = subscription.Kind.ToString(), secret, now = database.Time.GetUtcNow().ToUnixTimeMilliseconds() });
    }

    /// <summary>All of them, oldest first, with what still waits; never an address's path or a secret.</summary>
    public async Task<ImmutableArray<ListedSubscription>> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(
            """
            select s.id, s.project, s.host, s.kind, s.created_at as CreatedAt,
                (select count(*) from outbox o where o.subscription = s.id and o.next_at is not null) as Waiting,
                (select o.problem from outbox o where o.subscription = s.id and o.problem is not null order by o.created_at desc limit 1) as Problem
            from subscriptions s order by s.created_at, s.id
            """);
        return [.. rows.Select(row => row.ToListed())];
    }

    /// <summary>False where there is none; what still waited for it is gone with it.</summary>
    public async Task<bool> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        return await connection.ExecuteAsync("delete from subscriptions where id = @id", new { id }) == 1;
    }

    private sealed record Row
    {
        public string Id { get; init; } = "";

        public string Project { get; init; } = "";

        public string Host { get; init; } = "";

        public string Kind { get; init; } = "";

        public long CreatedAt { get; init; }

        public long Waiting { get; init; }

        public string? Problem { get; init; }

        public ListedSubscription ToListed() =>
            new(Id, Project, Host, Enum.Parse<PayloadKind>(Kind), DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt), (int)Waiting, Problem);
    }
}

/// <summary>A subscription as it may be shown.</summary>
/// <param name="Host">Scheme, host and port of its address.</param>
/// <param name="Waiting">Events that have not been taken yet.</param>
/// <param name="Problem">Why the newest event that was not taken was not.</param>
public sealed record ListedSubscription(string Id, string Project, string Host, PayloadKind Kind, DateTimeOffset CreatedAt, int Waiting, string? Problem);
