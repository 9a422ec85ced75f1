namespace Tuner.Core.Gate;

/// <summary>One comparison of tonight with what was before.</summary>
public sealed record GateFinding
{
    /// <summary>The SLO's sentence.</summary>
    public required string Metric { get; init; }

    /// <summary>What tonight was compared with.</summary>
    public required string Against { get; init; }

    public required GateVerdict Verdict { get; init; }

    /// <summary>How much worse, as a ratio: 1.15 is 15 % worse, whatever the metric's direction.</summary>
    public required double Worse { get; init; }

    /// <summary>Bounds of <see cref="Worse"/> at the warning's level on each side.</summary>
    public required double Lower { get; init; }

    public required double Upper { get; init; }

    /// <summary>How often chance alone looks at least this bad.</summary>
    public required double Chance { get; init; }

    /// <summary>Pairs of tonight, and of what they were compared with.</summary>
    public required int Pairs { get; init; }

    public required int ReferencePairs { get; init; }

    public required string Reason { get; init; }
}
