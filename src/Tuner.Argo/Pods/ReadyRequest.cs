using System.Collections.Immutable;

namespace Tuner.Argo.Pods;

/// <summary>What the ready step of a trial waits for, and what it tells the load step.</summary>
public sealed record ReadyRequest
{
    /// <summary>The candidate's objects, each <c>APIVERSION/KIND/NAME</c>.</summary>
    public required ImmutableArray<string> Objects { get; init; }

    public required string Namespace { get; init; }

    /// <summary>The Service whose pods get the load; null with <see cref="Url"/>.</summary>
    public string? Service { get; init; }

    public int? Port { get; init; }

    public Uri? Url { get; init; }

    /// <summary>Path that every target must answer; null where none is asked.</summary>
    public string? Path { get; init; }

    /// <summary>Condition that must be True; null for the usual one of each kind.</summary>
    public string? Condition { get; init; }

    /// <summary>So many pods must stand behind the Service; null for at least one.</summary>
    public int? Replicas { get; init; }

    public required TimeSpan Timeout { get; init; }

    /// <summary>How many load pods there will be; several get a time to begin together.</summary>
    public int LoadPods { get; init; } = 1;
}

/// <summary>How the waiting ended.</summary>
/// <param name="Targets">Where the load goes; empty where it never got ready.</param>
/// <param name="Report">What was still missing; empty where nothing was.</param>
/// <param name="Start">When several load pods begin; null for one.</param>
public sealed record ReadyOutcome(ImmutableArray<Uri> Targets, string Report, DateTimeOffset? Start, bool CannotTell = false)
{
    public bool IsReady => Report.Length == 0;
}
