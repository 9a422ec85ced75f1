using Tuner.Core.Statistics;

namespace Tuner.Core.Slos;

/// <summary>How sure a verdict has to be, and how often the growing data will be looked at.</summary>
public sealed record JudgingPlan
{
    /// <summary>
    /// The part of the risk that planned looks may use up: by the boundary alone they used 5.25 instead of 5 % where only
    /// deployments differed (a run of 600 s, five looks), since what is known of that deviation is an estimate.
    /// </summary>
    private const double Spent = 0.9;

    /// <summary>One-sided confidence over all looks together, 0.5 to 1: at 0.95 an SLO exactly at its limit is called met in at most one case of twenty.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>How many times one candidate's verdict may be asked for as repeats come in: the most repeats that are planned.</summary>
    public int Looks { get; init; } = 1;

    /// <summary>What is assumed about noise as long as the data cannot tell.</summary>
    public NoisePrior Noise { get; init; } = new();

    /// <summary>
    /// The one-sided level of each look, and of each bound of the interval: never above half of what is left of the
    /// confidence, so that the interval is at least a 95 % one (two-sided) where the confidence is 95 %.
    /// </summary>
    public double Level => Math.Min((1 - Confidence) / 2, PocockBoundary.LevelOfEachLook(Spent * (1 - Confidence), Looks));
}

/// <summary>
/// What stands in for noise that a short measurement cannot show, as standard deviations of ln(value). The values are
/// decisions, argued in this project's README and checked by <c>tests/Tuner.Simulations</c>.
/// </summary>
public sealed record NoisePrior
{
    /// <summary>Between one deployment of the same candidate and the next.</summary>
    public double Between { get; init; } = 0.06;

    /// <summary>The weight of <see cref="Between"/> against observed repeats, in degrees of freedom.</summary>
    public double BetweenDegrees { get; init; } = 24;

    /// <summary>Slow disturbance that a run of <see cref="HiddenSeconds"/> seconds may have caught, or missed, entirely.</summary>
    public double Hidden { get; init; } = 0.15;

    public double HiddenSeconds { get; init; } = 8;

    /// <summary>So many seconds more, and what may be hidden has fallen to 1/e.</summary>
    public double HiddenFadeSeconds { get; init; } = 13;

    /// <summary>Where the seconds of a run differ, neighbours are taken to be alike for at least so long.</summary>
    public double WanderSeconds { get; init; } = 5;

    /// <summary>How far the level of a second wanders, as long as few seconds were seen, and the weight of that in degrees of freedom.</summary>
    public double Wander { get; init; } = 0.05;

    public double WanderDegrees { get; init; } = 1;

    /// <summary>
    /// Where levels wander, the logarithm of a short run's tail share lies under its long-run value by half of the tail's
    /// steepness times the variance of the level (the mean of a log-normal); this many of it widen the upper side, since
    /// that variance is itself an estimate.
    /// </summary>
    public double Skew { get; init; } = 2.75;
}
