using Tuner.Core.Measurements;
using Tuner.Core.Statistics;

namespace Tuner.Core.Slos;

/// <summary>The interval of a mean latency: a ratio of sums over seconds, on the log scale.</summary>
internal static class MeanInterval
{
    public static MetricInterval Of(MeanMetric metric, IReadOnlyList<RunSeconds> runs, JudgingPlan plan)
    {
        (double, double) Sum(SecondMeasurement second) =>
            second.Series.TryGetValue(metric.Series, out var histogram) ? (histogram.Mean.TotalSeconds * histogram.Count, histogram.Count) : (0, 0);
        var noise = RatioVariance.Of([.. runs.SelectMany(run => run.Counts(Sum))]);
        if (noise.Denominator == 0 || noise.Ratio <= 0)
        {
            return MetricInterval.None($"nothing was recorded in series '{metric.Series}'");
        }

        // With fewer than three seconds there is no noise to be seen, and no interval.
        if (noise.Degrees == 0)
        {
            return new MetricInterval { Estimate = noise.Ratio, Requests = (long)noise.Denominator, TooLittle = "too few seconds for an interval" };
        }

        var t = Distributions.StudentQuantile(1 - plan.Level, noise.Degrees);
        var logs = runs.Select(run => Math.Log(RatioVariance.Of([.. run.Counts(Sum)]).Ratio)).Where(double.IsFinite).ToList();
        var (between, betweenWidth) = NoiseParts.Between(logs, noise.Relative * noise.Relative * runs.Count, plan);
        var width = MetricInterval.Combine(t * noise.Relative, betweenWidth, NoiseParts.Hidden(runs, plan));
        return new MetricInterval
        {
            Estimate = noise.Ratio,
            Lower = noise.Ratio * Math.Exp(-width),
            Upper = noise.Ratio * Math.Exp(width),
            Requests = (long)noise.Denominator,
            WithinDeviation = noise.Relative,
            BetweenDeviation = between,
        };
    }
}
