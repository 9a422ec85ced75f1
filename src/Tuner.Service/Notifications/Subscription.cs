namespace Tuner.Service.Notifications;

/// <summary>Where a project's events are sent.</summary>
/// <param name="Secret">What deliveries are signed with; for GitHub the token. In no log, page or answer.</param>
public sealed record Subscription(string Id, string Project, Uri Url, PayloadKind Kind, string Secret)
{
    public override string ToString() => $"{Kind} at {Url.Host} for {Project}";
}

/// <summary>In which shape an event is sent.</summary>
public enum PayloadKind
{
    /// <summary>Our own JSON, signed.</summary>
    Webhook,

    /// <summary>A message that a Slack incoming webhook takes.</summary>
    Slack,

    /// <summary>A <c>repository_dispatch</c> that starts a GitHub workflow.</summary>
    GitHub,
}
