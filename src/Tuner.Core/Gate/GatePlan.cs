namespace Tuner.Core.Gate;

/// <summary>How sure and how large a regression has to be. The defaults are checked by <c>tests/Tuner.Simulations gate</c>.</summary>
public sealed record GatePlan
{
    /// <summary>Pairs (recommended configuration and baseline in turns) that a night measures.</summary>
    public int Pairs { get; init; } = 24;

    /// <summary>One-sided level below which a slowdown is beyond noise; shared by every comparison of the night.</summary>
    public double FailLevel { get; init; } = 0.005;

    /// <summary>One-sided level of a warning.</summary>
    public double WarnLevel { get; init; } = 0.05;

    /// <summary>Smaller changes than this, as a share, never fail, however sure they are.</summary>
    public double LeastEffect { get; init; } = 0.05;

    /// <summary>The most recent nights that tonight is compared with.</summary>
    public int Nights { get; init; } = 14;

    /// <summary>Standard deviation of ln(ratio) of a pair that is assumed until enough pairs were seen, and its weight in degrees of freedom.</summary>
    public double PairDeviation { get; init; } = 0.12;

    public double PriorDegrees { get; init; } = 6;
}
