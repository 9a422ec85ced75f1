using System.Globalization;
using Tuner.Core.Definitions;
using Tuner.Core.Loads;
using Tuner.Core.Sweeps;

namespace Tuner.Core.Slos;

/// <summary>
/// Whether the planned requests could decide an SLO in the best case, that is, with no bad answer among them. Necessary,
/// not sufficient: where answers are near the limit more is needed.
/// </summary>
public sealed record SloDecidability
{
    public required Slo Slo { get; init; }

    /// <summary>False where no outcome of the plan could show that the SLO is met.</summary>
    public required bool CanDecide { get; init; }

    /// <summary>Requests of one trial that the SLO judges; null in the closed model, where they depend on the answers.</summary>
    public double? RequestsPerTrial { get; init; }

    /// <summary>Trials whose requests count together: the fewest that any verdict rests on.</summary>
    public required int Trials { get; init; }

    /// <summary>Requests, over all trials together, below which nothing can be shown; null where none of the formulas applies.</summary>
    public long? Needed { get; init; }

    /// <summary>
    /// The same at the level that the judge uses for each of several looks (<see cref="JudgingPlan.Level"/>): below it only a
    /// plan that is looked at once could decide; null where <see cref="Needed"/> is.
    /// </summary>
    public long? NeededToJudge { get; init; }

    /// <summary>True where the plan reaches <see cref="Needed"/>, but not <see cref="NeededToJudge"/>.</summary>
    public bool Tight => CanDecide && RequestsPerTrial * Trials < NeededToJudge;

    /// <summary>In words, with the cure where the plan is not enough.</summary>
    public required string Reason { get; init; }

    /// <summary>Judges one SLO against the plan.</summary>
    public static SloDecidability Of(Slo slo, LoadProfile load, MeasurementSettings measurement, VerificationSettings verification)
    {
        var trials = verification.Repeats > 0 ? Math.Min(measurement.MaxRepeats, verification.Repeats) : measurement.MaxRepeats;
        var phases = load.Phases.Where(phase => slo.Phase is null || phase.Name == slo.Phase).ToArray();
        double? perTrial = load.IsOpenModel ? phases.Sum(phase => phase.PlannedRequests) : null;
        var seconds = phases.Sum(phase => phase.Duration.TotalSeconds);
        var each = 1 - new JudgingPlan { Confidence = verification.Confidence, Looks = trials }.Level;
        return slo.Metric switch
        {
            ErrorRateMetric when slo.Limit <= 0 => Refused(slo, trials, perTrial, null, $"no number of requests can show an error rate of {Percent(slo.Limit)}. Allow a little, such as 0.1%."),
            ErrorRateMetric => Requests(slo, trials, perTrial, seconds, ErrorRate(slo.Limit, verification.Confidence), 0) with { NeededToJudge = ErrorRate(slo.Limit, each) },
            QuantileMetric metric => Requests(slo, trials, perTrial, seconds, Quantile(metric.Quantile, verification.Confidence), measurement.MinRequests) with { NeededToJudge = Quantile(metric.Quantile, each) },
            TotalTimeMetric when slo.Limit > seconds => Refused(slo, trials, perTrial, null, $"'{slo.Text}' can never be missed: the batch is stopped after {Quantities.Show(TimeSpan.FromSeconds(seconds))}. Raise the phase's duration above the limit."),
            TotalTimeMetric => new SloDecidability { Slo = slo, CanDecide = true, Trials = trials, Reason = "each trial answers the whole batch" },
            ReportedMetric => new SloDecidability { Slo = slo, CanDecide = true, Trials = trials, RequestsPerTrial = perTrial, Reason = "each trial reads what the target reports" },
            RelativeMetric { Of: QuantileMetric of } => Of(slo with { Metric = of }, load, measurement, verification) with { Slo = slo },
            RelativeMetric => new SloDecidability { Slo = slo, CanDecide = true, Trials = trials, RequestsPerTrial = perTrial, Reason = "each trial is held against those of the baseline" },
            ResourceMetric => new SloDecidability { Slo = slo, CanDecide = true, Trials = trials, RequestsPerTrial = perTrial, Reason = "each trial measures what the candidate uses" },
            ThroughputMetric => Throughput(slo, trials, perTrial, seconds),
            _ => new SloDecidability { Slo = slo, CanDecide = true, Trials = trials, RequestsPerTrial = perTrial, Reason = "a mean needs no fixed number of requests" },
        };
    }

    /// <summary>
    /// Requests without any failure from which an error rate below the limit follows: (1 - e)^n &lt;= 1 - confidence, by the
    /// rule of three at least 3/e (Hanley and Lippman-Hand 1983).
    /// </summary>
    public static long ErrorRate(double limit, double confidence) =>
        limit >= 1 ? 1 : (long)Math.Ceiling(Math.Round(Math.Max(3, -Math.Log(1 - confidence)) / limit, 6));

    /// <summary>
    /// Requests from which the largest one bounds the quantile from above: q^n &lt;= 1 - confidence, the distribution-free bound
    /// by order statistics (Wilks 1941). 299 for p99 at 95 %.
    /// </summary>
    public static long Quantile(double quantile, double confidence) =>
        (long)Math.Ceiling(Math.Round(Math.Log(1 - confidence) / Math.Log(quantile), 6));

    private static SloDecidability Requests(Slo slo, int trials, double? perTrial, double seconds, long needed, int minPerTrial)
    {
        if (perTrial is not { } planned)
        {
            return new SloDecidability { Slo = slo, CanDecide = true, Trials = trials, Needed = needed, Reason = $"needs {needed:N0} requests; in the closed model their number depends on the answers" };
        }

        var perTrialNeeded = Math.Max((double)needed / trials, minPerTrial);
        if (planned >= perTrialNeeded)
        {
            return new SloDecidability { Slo = slo, CanDecide = true, Trials = trials, RequestsPerTrial = planned, Needed = needed, Reason = $"needs {needed:N0} requests; {Count(planned * trials)} are planned in {InTrials(trials)}" };
        }

        var duration = Quantities.Show(TimeSpan.FromSeconds(Math.Ceiling(Math.Round(seconds * perTrialNeeded / planned, 6))));
        var where = slo.Phase is null ? "the load" : $"the phase '{slo.Phase}'";
        var cure = $"Let {where} last {duration} in all (now {Quantities.Show(TimeSpan.FromSeconds(seconds))}), or raise the rate";
        return Refused(slo, trials, planned, needed, planned * trials < needed
            ? $"'{slo.Text}' cannot be decided: it takes at least {needed:N0} requests, and {Count(planned * trials)} are planned in {InTrials(trials)}. {cure}."
            : $"'{slo.Text}' cannot be decided: {Count(planned)} requests a trial are planned, fewer than measurement.minRequests ({minPerTrial:N0}). {cure}, or lower minRequests.");
    }

    private static SloDecidability Throughput(Slo slo, int trials, double? perTrial, double seconds)
    {
        if (perTrial is not { } planned)
        {
            return new SloDecidability { Slo = slo, CanDecide = true, Trials = trials, Reason = "in the closed model throughput is what the answers make of it" };
        }

        var scheduled = planned / seconds;
        return slo.Limit <= scheduled * (1 + 1e-9)
            ? new SloDecidability { Slo = slo, CanDecide = true, Trials = trials, RequestsPerTrial = planned, Reason = $"{Rate(scheduled)}/s are scheduled" }
            : Refused(slo, trials, planned, null, $"'{slo.Text}' can never be met: only {Rate(scheduled)}/s are sent{(slo.Phase is null ? " on average" : "")}. Lower the limit, or raise the rate above {Rate(slo.Limit)}/s.");
    }

    private static SloDecidability Refused(Slo slo, int trials, double? perTrial, long? needed, string reason) =>
        new() { Slo = slo, CanDecide = false, Trials = trials, RequestsPerTrial = perTrial, Needed = needed, Reason = reason };

    private static string InTrials(int trials) => trials == 1 ? "one trial" : $"{trials} trials";

    private static string Count(double requests) => requests.ToString("N0", CultureInfo.InvariantCulture);

    private static string Rate(double rate) => rate.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Percent(double share) => $"{(share * 100).ToString("0.####", CultureInfo.InvariantCulture)}%";
}
