using System.Collections.Immutable;
using Tuner.Core.Measurements;
using Tuner.Core.Slos;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Core.Planning;

/// <summary>How sure the verdicts of a sweep have to be.</summary>
public static class SweepJudging
{
    /// <summary>
    /// Search trials are looked at after every repeat, fresh ones by <see cref="VerificationLooks"/>; both sets pay for all their
    /// planned looks.
    /// </summary>
    public static JudgingPlan Judging(this Sweep sweep, bool verifying) => new()
    {
        Confidence = sweep.Verification.Confidence,
        Looks = Math.Max(1, verifying ? VerificationLooks.Count(sweep) : sweep.Measurement.MaxRepeats),
    };

    /// <summary>
    /// Each SLO as this one trial shows it, for whoever watches; no verdict on the candidate. What is relative to the
    /// baseline is judged beside what trials of the same kind have measured of that so far.
    /// </summary>
    public static ImmutableArray<SloAssessment> JudgeAlone(this Sweep sweep, Trial trial, Measurement measurement, IEnumerable<Trial> trials)
    {
        var isBaseline = trial.Candidate.Equals(sweep.Baseline);
        Measurement[] beside = isBaseline || !sweep.Slos.Any(slo => slo.Metric is RelativeMetric)
            ? [measurement]
            : [.. trials.Where(other => other.Candidate.Equals(sweep.Baseline) && IsFresh(other) == IsFresh(trial)).Select(other => other.State).OfType<TrialState.Measured>().Select(state => state.Measurement)];
        return [.. sweep.Slos.Select(slo => SloJudge.Assess(slo, [measurement], sweep.Judging(verifying: false), slo.Metric is RelativeMetric ? beside : null))];
    }

    private static bool IsFresh(Trial trial) => trial.Purpose is TrialPurpose.Verification;
}
