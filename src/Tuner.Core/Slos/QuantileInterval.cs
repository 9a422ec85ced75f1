using Tuner.Core.Measurements;
using Tuner.Core.Statistics;

namespace Tuner.Core.Slos;

/// <summary>
/// The interval of a latency quantile. Woodruff's way (1952, JASA 47): the noise is that of the *share* of requests beyond
/// the estimate, counted second by second so that clusters of bad seconds count as what they are; its bounds, on the logit
/// scale, are read back as latencies from the pooled histogram, and beyond the largest latency along the slope of the tail.
/// </summary>
internal static class QuantileInterval
{
    /// <summary>Fewer effective requests beyond the quantile than this say nothing about its upper bound.</summary>
    private const double LeastTailRequests = 1;

    public static MetricInterval Of(QuantileMetric metric, IReadOnlyList<RunSeconds> runs, JudgingPlan plan)
    {
        var pooled = Pool(metric.Series, runs);
        if (pooled.Count == 0)
        {
            return MetricInterval.None($"nothing was recorded in series '{metric.Series}'");
        }

        var tail = 1 - metric.Quantile;
        var curve = new TailCurve(pooled);
        var estimate = curve.AtTail(tail);
        var counts = runs.Select(run => Exceedances(run, metric.Series, LatencyHistogram.BucketOf((long)(estimate * 1e9)))).ToList();
        var noise = RatioVariance.Of(counts);

        var binomial = pooled.Count * tail * metric.Quantile;
        var varianceOfSum = Math.Max(noise.VarianceOfSum, binomial);
        var deviation = Math.Sqrt(varianceOfSum) / binomial;
        var t = Distributions.StudentQuantile(1 - plan.Level, Math.Max(1, noise.Degrees));
        var below = Math.Log(estimate / curve.AtTail(Shift(tail, t * deviation)));
        var above = Math.Log(curve.AtTail(Shift(tail, -t * deviation)) / estimate);

        var withinDeviation = (below + above) / 2 / t;
        var logs = runs.Select(run => Math.Log(new TailCurve(Pool(metric.Series, [run])).AtTail(tail))).Where(double.IsFinite).ToList();
        var (between, betweenWidth) = NoiseParts.Between(logs, withinDeviation * withinDeviation * runs.Count, plan);
        var hidden = NoiseParts.Hidden(runs, plan);
        var level = NoiseParts.Level(runs, metric.Series, plan);
        var tailRequests = binomial * binomial / varianceOfSum;
        return new MetricInterval
        {
            Estimate = estimate,
            Lower = estimate * Math.Exp(-MetricInterval.Combine(below, betweenWidth, hidden, level)),
            Upper = tailRequests < LeastTailRequests ? null : estimate * Math.Exp(MetricInterval.Combine(above, betweenWidth, hidden, level)),
            Requests = pooled.Count,
            EffectiveRequests = pooled.Count * binomial / varianceOfSum,
            WithinDeviation = withinDeviation,
            BetweenDeviation = between,
            TooLittle = tailRequests < LeastTailRequests ? $"{pooled.Count} requests are too few behind a quantile of {metric.Quantile}, as its bad seconds cluster" : null,
        };
    }

    private static double Shift(double share, double logits) => Distributions.Logistic(Math.Log(share / (1 - share)) + logits);

    private static LatencyHistogram Pool(string series, IReadOnlyList<RunSeconds> runs)
    {
        var pooled = new LatencyHistogram();
        foreach (var run in runs)
        {
            for (var second = 0; second < run.Length; second++)
            {
                if (run.Histogram(second, series) is { } histogram)
                {
                    pooled.Add(histogram);
                }
            }
        }

        return pooled;
    }

    private static (double[] Beyond, double[] All) Exceedances(RunSeconds run, string series, int bucket)
    {
        var beyond = new double[run.Length];
        var all = new double[run.Length];
        for (var second = 0; second < run.Length; second++)
        {
            if (run.Histogram(second, series) is { } histogram)
            {
                all[second] = histogram.Count;
                beyond[second] = histogram.Buckets().Where(filled => filled.Bucket > bucket).Sum(filled => filled.Count);
            }
        }

        return (beyond, all);
    }
}
