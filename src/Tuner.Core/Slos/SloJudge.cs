using Tuner.Core.Measurements;

namespace Tuner.Core.Slos;

/// <summary>
/// Says whether an SLO is met, missed, or not known yet, from the valid measurements of one candidate, each of a deployment
/// of its own. Pure and deterministic. The interval holds the noise within a run (bad seconds cluster), between
/// deployments, and what a short run cannot show; met means that all of it is inside the limit, missed that all is outside.
/// </summary>
public static class SloJudge
{
    /// <param name="slo">What must hold.</param>
    /// <param name="repeats">The candidate's measurements.</param>
    /// <param name="plan">How sure the verdict has to be.</param>
    /// <param name="baseline">What was measured of the baseline beside them, for an SLO that is relative to it; the same list where the candidate is the baseline.</param>
    public static SloAssessment Assess(Slo slo, IReadOnlyList<Measurement> repeats, JudgingPlan plan, IReadOnlyList<Measurement>? baseline = null)
    {
        var runs = repeats.Where(repeat => repeat.IsValid)
            .Select(repeat => RunSeconds.Of(repeat, slo.Phase))
            .Where(run => run.Length > 0)
            .ToList();
        if (runs.Count == 0)
        {
            return Nothing(slo, slo.Phase is { } phase ? $"no valid measurement of phase '{phase}'" : "no valid measurement");
        }

        var valid = repeats.Where(repeat => repeat.IsValid).ToList();
        var interval = slo.Metric is RelativeMetric relative
            ? RelativeInterval.Of(slo, relative, valid, [.. (baseline ?? []).Where(repeat => repeat.IsValid)], plan)
            : MetricInterval.OfMeasurements(slo, valid, plan);
        return Judge(slo, interval, runs.Count);
    }

    private static SloAssessment Judge(Slo slo, MetricInterval interval, int repeats)
    {
        var verdict = VerdictOf(slo, interval);
        return new SloAssessment
        {
            Slo = slo,
            Verdict = verdict,
            Estimate = interval.Estimate,
            Lower = interval.Lower,
            Upper = interval.Upper,
            Requests = interval.Requests,
            EffectiveRequests = interval.EffectiveRequests,
            Repeats = repeats,
            WithinDeviation = interval.WithinDeviation,
            BetweenDeviation = interval.BetweenDeviation,
            Reason = ReasonOf(slo, verdict, interval),
        };
    }

    private static SloVerdict VerdictOf(Slo slo, MetricInterval interval)
    {
        var (good, bad) = slo.Bound is Bound.AtMost ? (interval.Upper, interval.Lower) : (interval.Lower, interval.Upper);
        return good is { } worst && slo.LogViolation(worst) <= 0 ? SloVerdict.Met
            : bad is { } best && slo.LogViolation(best) > 0 ? SloVerdict.Missed
            : SloVerdict.Unknown;
    }

    private static string ReasonOf(Slo slo, SloVerdict verdict, MetricInterval interval)
    {
        var range = SloText.Range(slo, interval);
        var limit = SloText.Value(slo.Metric, slo.Limit);
        return verdict switch
        {
            SloVerdict.Met => $"{range} is within {limit}",
            SloVerdict.Missed => $"{range} is beyond {limit}",
            _ when interval.TooLittle is { } tooLittle => tooLittle,
            _ => $"{range} leaves the limit {limit} open",
        };
    }

    private static SloAssessment Nothing(Slo slo, string reason) => new() { Slo = slo, Verdict = SloVerdict.Unknown, Reason = reason };
}
