using Tuner.Core.Loads;
using Tuner.Core.Slos;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Core.Planning;

/// <summary>
/// Two fidelities: short first looks guide the search; what they leave open, and finalists, are measured with the whole load.
/// What is recommended never rests on the short ones alone where there is verification.
/// </summary>
public static class Screening
{
    /// <summary>
    /// One-sided error at which a short look takes an SLO for missed and ends: it rejects nothing for good, and what it
    /// gives up the judge calls undecided where it is.
    /// </summary>
    private const double LaxStrictness = 0.05;

    /// <summary>A phase shorter than this shows nothing of its tail.</summary>
    private static readonly TimeSpan ShortestPhase = TimeSpan.FromSeconds(3);

    /// <summary>The sweep as this trial measures it: with a shortened load where the trial is a short look.</summary>
    /// <param name="trials">Those of the sweep; of the ones before this trial, so that a restart answers the same.</param>
    public static Sweep For(Sweep sweep, Trial trial, IReadOnlyList<Trial> trials) =>
        sweep.Search.Screening is { } length && length < sweep.Load.Duration && (trial.Purpose is TrialPurpose.Search || IsOnlyBeside(sweep, trial, trials))
            ? sweep with { Load = Shortened(sweep.Load, length) }
            : sweep;

    /// <summary>
    /// When a trial may end before its load does: those of the search where they are hopeless or clearly good; the baseline's and
    /// the fresh ones where they are hopeless, and with screening where they are clearly good, too.
    /// </summary>
    public static EarlyEnd EarlyEndOf(Sweep sweep, Trial trial)
    {
        var early = new EarlyEnd(sweep.Slos, sweep.Load, sweep.Judging(verifying: false))
        {
            GoodToo = sweep.Search.Screening is not null || trial.Purpose is TrialPurpose.Search or TrialPurpose.Repeat,
        };
        return sweep.Search.Screening is not null && trial.Purpose is TrialPurpose.Search ? early with { HopelessStrictness = LaxStrictness } : early;
    }

    /// <summary>The same load in so much time: all phases shortened alike, those of a steady rate or number of users only.</summary>
    public static LoadProfile Shortened(LoadProfile load, TimeSpan length) => load with
    {
        Phases = [.. load.Phases.Select(phase => phase is RatePhase or UsersPhase ? phase with { Duration = Shortened(phase.Duration, length / load.Duration) } : phase)],
    };

    /// <summary>
    /// The baseline beside a finalist shows drift, and no verdict rests on it unless an SLO compares with it. Its further fresh
    /// trials are a finalist's own.
    /// </summary>
    private static bool IsOnlyBeside(Sweep sweep, Trial trial, IReadOnlyList<Trial> trials) =>
        trial.Purpose is TrialPurpose.Verification
        && trial.Candidate.Equals(sweep.Baseline)
        && !sweep.Slos.Any(slo => slo.Metric is RelativeMetric)
        && trials.Count(other => other.Number < trial.Number
            && other is { Purpose: TrialPurpose.Verification, State: TrialState.Measured } && other.Candidate.Equals(trial.Candidate)) < sweep.Verification.Repeats;

    private static TimeSpan Shortened(TimeSpan whole, double share)
    {
        var wanted = TimeSpan.FromSeconds(Math.Ceiling(whole.TotalSeconds * share));
        var least = wanted > ShortestPhase ? wanted : ShortestPhase;
        return least < whole ? least : whole;
    }
}
