using Tuner.Core.Gate;

namespace Tuner.Cli;

/// <summary>What the user asked of <c>tuner run</c>.</summary>
internal sealed record SweepRunOptions
{
    public required string File { get; init; }

    public required string StateFolder { get; init; }

    public bool StartNew { get; init; }

    public string? Resume { get; init; }

    public bool AcceptUnverified { get; init; }

    public bool Json { get; init; }

    /// <summary>Ask only whether the accepted configuration is still what it was.</summary>
    public bool Gate { get; init; }

    /// <summary>Pairs that the gate measures, configuration and baseline in turns.</summary>
    public int GatePairs { get; init; } = new GatePlan().Pairs;
}
