using Tuner.Core.Loads;
using Tuner.Core.Measurements;
using Tuner.Core.Planning;
using Tuner.Core.Pricing;
using Tuner.Core.Slos;
using Tuner.Core.Space;
using Tuner.Core.Trials;

namespace Tuner.Core.Recommending;

/// <summary>
/// The heaviest phase of the load in which the SLOs are met by somebody, taken by itself: what could be asked of the
/// service where the whole load is too much. Only what was measured; nothing is extrapolated.
/// </summary>
/// <param name="Phase">The phase's name.</param>
/// <param name="Intensity">What it sends, in words: <c>80/s</c>, <c>12 users</c>.</param>
/// <param name="PeakRate">Its highest rate per second; null in the closed model.</param>
/// <param name="Candidate">The cheapest that meets every SLO there.</param>
/// <param name="CostPerHour">Its price.</param>
public sealed record MeetableLoad(string Phase, string Intensity, double? PeakRate, Candidate Candidate, decimal CostPerHour)
{
    /// <summary>Null where no candidate meets the SLOs in any phase alone.</summary>
    public static MeetableLoad? Of(SweepStanding standing) => standing.Sweep.Load.Phases
        .OrderByDescending(phase => (phase as UsersPhase)?.Users ?? phase.PeakRate)
        .Select(phase => Cheapest(standing, phase) is { } candidate
            ? new MeetableLoad(phase.Name, phase.Intensity, phase is UsersPhase ? null : phase.PeakRate, candidate, standing.Sweep.PerHour(candidate))
            : null)
        .FirstOrDefault(load => load is not null);

    private static Candidate? Cheapest(SweepStanding standing, Phase phase) => standing.Candidates
        .Where(candidate => !standing.HasFailed(candidate) && IsMet(standing, candidate, phase.Name))
        .OrderBy(candidate => standing.Sweep.PerHour(candidate))
        .ThenBy(candidate => candidate.Key, StringComparer.Ordinal)
        .FirstOrDefault();

    /// <summary>
    /// Whether every SLO that speaks of this phase, or of none in particular, is met by its requests alone. A throughput
    /// asks for the whole load, and a lighter one cannot reach it; it is left out, and so is what was not measured by phase.
    /// </summary>
    private static bool IsMet(SweepStanding standing, Candidate candidate, string phase)
    {
        var runs = standing.TrialsOf(candidate)
            .Select(trial => (trial.State as TrialState.Measured)?.Measurement)
            .Where(measurement => measurement?.Phase(phase) is not null)
            .Select(measurement => measurement! with { Phases = [measurement.Phase(phase)!] })
            .ToList();
        var judged = standing.Sweep.Slos.Where(slo => slo.Metric is not (ThroughputMetric or TotalTimeMetric or RelativeMetric or ReportedMetric or ResourceMetric)
            && (slo.Phase is null || string.Equals(slo.Phase, phase, StringComparison.Ordinal))).ToList();
        return runs.Count > 0 && judged.Count > 0
            && judged.TrueForAll(slo => SloJudge.Assess(slo with { Phase = phase }, runs, standing.Sweep.Judging(verifying: false)).Verdict is SloVerdict.Met);
    }
}
