using Tuner.Core.Measurements;

namespace Tuner.Core.Slos;

/// <summary>
/// The interval of a metric as a multiple of the baseline's. The noise of both counts, as for a ratio of independent
/// estimates: each one's distances on the log scale, combined by the root of their squares. Where both were measured in turn,
/// what disturbs them alike cancels in the estimate and only widens the interval, which errs on the safe side.
/// </summary>
internal static class RelativeInterval
{
    public static MetricInterval Of(Slo slo, RelativeMetric metric, IReadOnlyList<Measurement> repeats, IReadOnlyList<Measurement> baseline, JudgingPlan plan)
    {
        if (AreTheSame(repeats, baseline))
        {
            return new MetricInterval { Estimate = 1, Lower = 1, Upper = 1 };
        }

        var own = slo with { Metric = metric.Of, Limit = 0 };
        var (candidate, reference) = (MetricInterval.OfMeasurements(own, repeats, plan), MetricInterval.OfMeasurements(own, baseline, plan));
        if (candidate.Estimate is not { } value || reference.Estimate is not (> 0 and { } today))
        {
            return MetricInterval.None(candidate.Estimate is null ? candidate.TooLittle ?? "nothing was measured" : "the baseline was not measured beside it");
        }

        var estimate = value / today;
        return new MetricInterval
        {
            Estimate = estimate,
            Lower = Distance(candidate.Lower, value, reference.Upper, today) is { } below ? estimate * Math.Exp(-below) : null,
            Upper = Distance(candidate.Upper, value, reference.Lower, today) is { } above ? estimate * Math.Exp(above) : null,
            Requests = candidate.Requests,
            EffectiveRequests = candidate.EffectiveRequests,
            WithinDeviation = Both(candidate.WithinDeviation, reference.WithinDeviation),
            BetweenDeviation = Both(candidate.BetweenDeviation, reference.BetweenDeviation),
            TooLittle = candidate.TooLittle ?? (reference.TooLittle is { } reason ? $"of the baseline, {reason}" : null),
        };
    }

    /// <summary>The candidate's distance on one side with the baseline's on the other; null where either has no bound there.</summary>
    private static double? Distance(double? bound, double value, double? otherBound, double other) =>
        bound is > 0 and { } own && otherBound is > 0 and { } of ? MetricInterval.Combine(Math.Abs(Math.Log(own / value)), Math.Abs(Math.Log(of / other))) : null;

    private static double? Both(double? one, double? other) => one is null && other is null ? null : MetricInterval.Combine(one ?? 0, other ?? 0);

    /// <summary>The baseline is its own measure: once today's configuration, exactly.</summary>
    private static bool AreTheSame(IReadOnlyList<Measurement> one, IReadOnlyList<Measurement> other) =>
        one.Count == other.Count && one.Zip(other).All(pair => ReferenceEquals(pair.First, pair.Second));
}
