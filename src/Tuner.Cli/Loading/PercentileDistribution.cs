using System.Text;
using Tuner.Core.Measurements;

namespace Tuner.Cli.Loading;

/// <summary>The latency over all phases in the text format of HdrHistogram's outputPercentileDistribution, in milliseconds, which its plotters read.</summary>
internal static class PercentileDistribution
{
    private const int StepsPerHalving = 5;

    public static string Of(Measurement measurement)
    {
        var latency = new LatencyHistogram();
        foreach (var phase in measurement.Phases)
        {
            latency.Add(phase.Series(Measurement.LatencySeries));
        }

        var text = new StringBuilder($"{"Value",12} {"Percentile",14} {"TotalCount",10} {"1/(1-Percentile)",14}\n\n");
        var buckets = latency.Buckets().ToList();
        var wanted = 0.0;
        long seen = 0;
        foreach (var (bucket, count) in buckets)
        {
            seen += count;
            var share = (double)seen / latency.Count;
            if (share < wanted && seen < latency.Count)
            {
                continue;
            }

            var value = Math.Min(LatencyHistogram.MidpointOf(bucket), latency.QuantileNanoseconds(1)) / 1e6;
            text.Append(seen < latency.Count
                ? $"{value,12:0.000} {share,14:0.000000000000} {seen,10} {1 / (1 - share),14:0.00}\n"
                : $"{value,12:0.000} {1.0,14:0.000000000000} {seen,10}\n");
            while (wanted <= share && wanted < 1)
            {
                // Five steps, then half of what remains takes the next five: the tail is as finely cut as the body.
                var halvings = Math.Floor(Math.Log2(1 / (1 - wanted)) + 1e-9);
                wanted += Math.Pow(2, -halvings - 1) / StepsPerHalving;
            }
        }

        var deviation = Math.Sqrt(buckets.Sum(entry => entry.Count * Math.Pow(LatencyHistogram.MidpointOf(entry.Bucket) - latency.MeanNanoseconds, 2)) / Math.Max(1, latency.Count));
        text.Append($"#[Mean    = {latency.MeanNanoseconds / 1e6,12:0.000}, StdDeviation   = {deviation / 1e6,12:0.000}]\n");
        text.Append($"#[Max     = {latency.QuantileNanoseconds(1) / 1e6,12:0.000}, Total count    = {latency.Count,12}]\n");
        text.Append($"#[Buckets = {32,12}, SubBuckets     = {512,12}]\n");
        return text.ToString();
    }
}
