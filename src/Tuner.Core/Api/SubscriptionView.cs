namespace Tuner.Core.Api;

/// <summary>Whom a service tells of a project's events; never its whole address, which can be a secret, nor its secret.</summary>
public sealed record SubscriptionView
{
    public required string Id { get; init; }

    public required string Project { get; init; }

    /// <summary><c>webhook</c>, <c>slack</c> or <c>gitHub</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Scheme, host and port of its address.</summary>
    public required string Host { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Events that it has not taken yet.</summary>
    public int Waiting { get; init; }

    /// <summary>Why the newest event that it has not taken was not; null where there is none.</summary>
    public string? Problem { get; init; }
}

/// <summary>A subscription to be made.</summary>
public sealed record NewSubscription
{
    /// <summary>Where events go; stored sealed.</summary>
    public required string Url { get; init; }

    /// <summary><c>webhook</c> (our own JSON, signed), <c>slack</c> (an incoming webhook's message) or <c>gitHub</c> (a repository_dispatch).</summary>
    public string Kind { get; init; } = "webhook";

    /// <summary>Whose events; null where the key sees one project, and for <c>default</c>.</summary>
    public string? Project { get; init; }

    /// <summary>What a webhook's deliveries are signed with, or GitHub's token; null to have one made for a webhook.</summary>
    public string? Secret { get; init; }
}

/// <summary>A subscription that was just made.</summary>
/// <param name="Secret">What deliveries are signed with, where the service made it: the only time that it is told.</param>
public sealed record CreatedSubscription(SubscriptionView Subscription, string? Secret);
