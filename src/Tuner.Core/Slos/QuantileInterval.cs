using System.Collections.Concurrent;
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

    /// <summary>A tail that seems steeper than this does so by chance.</summary>
    private const double LargestSteepness = 8;

    private const int MostShares = 1_000;

    /// <summary>Shares that were found before: nearly all of the time of a judgement, and the same for all trials of one length.</summary>
    private static readonly ConcurrentDictionary<(double Tail, double Observations, double Level), double> SustainedShares = [];

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
        var bucket = LatencyHistogram.BucketOf((long)(estimate * 1e9));
        var noise = RatioVariance.Of([.. runs.SelectMany(run => run.Counts(second => Beyond(second, metric.Series, bucket)))]);

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
        var level = NoiseParts.Level(runs, metric.Series, curve.RelativeSpread, plan);
        var steepness = Math.Min(curve.Steepness(tail), LargestSteepness);
        var skew = Math.Min(
            plan.Noise.Skew * steepness * level.Deviation * level.Deviation,
            Math.Max(0, Math.Log(WorstSecond(metric.Series, runs, tail) / estimate)));

        // Pooled runs are a mixture of deployments, whose tail is heavier than that of the typical one (again the mean of a log-normal).
        var mixture = steepness * between * between / 2 * (1 - (1.0 / runs.Count));
        var sustained = estimate / curve.AtTail(SustainedShare(tail, runs, plan));
        var tailRequests = binomial * binomial / varianceOfSum;
        return new MetricInterval
        {
            Estimate = estimate,
            Lower = estimate * Math.Exp(-mixture - Math.Min(MetricInterval.Combine(below, betweenWidth, hidden), Math.Log(sustained) + betweenWidth)),
            Upper = tailRequests < LeastTailRequests ? null : estimate * Math.Exp(skew - mixture + MetricInterval.Combine(above, betweenWidth, hidden, level.HalfWidth)),
            Requests = pooled.Count,
            EffectiveRequests = pooled.Count * binomial / varianceOfSum,
            WithinDeviation = withinDeviation,
            BetweenDeviation = between,
            TooLittle = tailRequests < LeastTailRequests ? $"{pooled.Count} requests are too few behind a quantile of {metric.Quantile}, as its bad seconds cluster" : null,
        };
    }

    /// <summary>
    /// The quantile of the slowest second, in seconds: where even the long run would end if all of it were like that one.
    /// One stalled second in ten looks like levels that wander without end, and must not promise worse than what it was.
    /// </summary>
    private static double WorstSecond(string series, IReadOnlyList<RunSeconds> runs, double tail) => runs
        .SelectMany(run => run.Seconds)
        .Select(second => second.Series.GetValueOrDefault(series))
        .OfType<LatencyHistogram>()
        .Where(histogram => histogram.Count > 0)
        .Max(histogram => new TailCurve(histogram).AtTail(tail));

    /// <summary>
    /// The share of all requests that must lie beyond a latency, to show that the long-run share is above the tail's even
    /// if all seconds within <see cref="NoisePrior.WanderSeconds"/> are a single observation: what stays true of a run that
    /// was slow nearly all the time, where the noise of its own tail cannot be told (a queue that only grows).
    /// </summary>
    private static double SustainedShare(double tail, IReadOnlyList<RunSeconds> runs, JudgingPlan plan)
    {
        var observations = runs.Sum(run => run.Length) / plan.Noise.WanderSeconds;
        if (SustainedShares.Count >= MostShares)
        {
            SustainedShares.Clear();
        }

        return SustainedShares.GetOrAdd((tail, observations, plan.Level), key => SustainedShare(key.Tail, key.Observations, key.Level));
    }

    private static double SustainedShare(double tail, double observations, double level)
    {
        double low = tail, high = 1;
        for (var step = 0; step < 30; step++)
        {
            var middle = (low + high) / 2;
            var bound = Distributions.BetaQuantile(level, observations * middle, (observations * (1 - middle)) + 1);
            (low, high) = bound > tail ? (low, middle) : (middle, high);
        }

        return high;
    }

    private static double Shift(double share, double logits) => Distributions.Logistic(Math.Log(share / (1 - share)) + logits);

    /// <summary>The value alone, where no interval is wanted; null without a request.</summary>
    public static double? Estimate(QuantileMetric metric, RunSeconds run)
    {
        var pooled = Pool(metric.Series, [run]);
        return pooled.Count == 0 ? null : new TailCurve(pooled).AtTail(1 - metric.Quantile);
    }

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

    private static (double Beyond, double All) Beyond(SecondMeasurement second, string series, int bucket) =>
        second.Series.TryGetValue(series, out var histogram) ? (histogram.CountAbove(bucket), histogram.Count) : (0, 0);
}
