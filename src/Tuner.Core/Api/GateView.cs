using System.Collections.Immutable;

namespace Tuner.Core.Api;

/// <summary>The accepted configuration of a sweep's name, which nights are compared with, and the last word on it.</summary>
public sealed record GateView
{
    public required string Project { get; init; }

    /// <summary>The sweep's name.</summary>
    public required string Name { get; init; }

    /// <summary>The accepted values by parameter.</summary>
    public required ImmutableArray<ParameterSetting> Accepted { get; init; }

    /// <summary>The sweep that recommended it.</summary>
    public required string Sweep { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary><c>pass</c>, <c>warning</c> or <c>fail</c>; null before the first night.</summary>
    public string? Verdict { get; init; }

    public string? VerdictReason { get; init; }

    /// <summary>The sweep of that night.</summary>
    public string? Night { get; init; }

    public DateTimeOffset? NightAt { get; init; }
}
