using System.Collections.Immutable;
using Tuner.Core.Measurements;
using Tuner.Core.Statistics;

namespace Tuner.Testing.Simulation;

/// <summary>
/// Simulated measurements of a service whose true quantiles are known: log-normal latencies within a second, levels of the
/// seconds and deployments by a <see cref="NoiseFamily"/>. The true value is the long-run one of the typical deployment.
/// </summary>
public sealed record LatencySeries(NoiseFamily Noise, double RatePerSecond)
{
    private const double WithinSecond = 0.4;
    private const int TableSize = 1 << 16;

    // Latencies of a second around its level, at evenly spaced probabilities: drawing from a table is what makes
    // thousands of series affordable.
    private static readonly double[] Table = [.. Enumerable.Range(0, TableSize).Select(index => Math.Exp(WithinSecond * Distributions.NormalQuantile((index + 0.5) / TableSize)))];

    /// <summary>Median latency of a quiet second in a typical deployment.</summary>
    public double MedianSeconds { get; init; } = 0.03;

    /// <summary>The latency that exactly the share 1 - <paramref name="quantile"/> of all requests exceeds in the long run, in seconds.</summary>
    public double TrueQuantile(double quantile)
    {
        var deviation = Math.Sqrt((WithinSecond * WithinSecond) + (Noise.LevelDeviation * Noise.LevelDeviation));
        double low = -10, high = 10;
        for (var step = 0; step < 100; step++)
        {
            var middle = (low + high) / 2;
            var calm = 1 - Distributions.NormalCdf(middle / deviation);
            var spell = 1 - Distributions.NormalCdf((middle - Math.Log(Noise.SpellFactor)) / deviation);
            if (calm + (Noise.SpellShare * (spell - calm)) > 1 - quantile)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return MedianSeconds * Math.Exp(low);
    }

    /// <summary>One run of a deployment of its own.</summary>
    public Measurement Run(int seconds, Chance chance)
    {
        var measured = ImmutableArray.CreateBuilder<SecondMeasurement>(seconds);
        foreach (var median in Medians(seconds, chance))
        {
            var histogram = new LatencyHistogram();
            var count = Record(histogram, median, chance);
            measured.Add(SimulatedMeasurement.Second(measured.Count, count, count, histogram));
        }

        return SimulatedMeasurement.Of("steady", RatePerSecond, measured.MoveToImmutable());
    }

    /// <summary>
    /// The same requests as <see cref="Run"/> would make, not told apart by seconds: for values of the whole run, whose
    /// noise nobody asks for, at a fraction of the time.
    /// </summary>
    public Measurement RunAsOne(int seconds, Chance chance)
    {
        var histogram = new LatencyHistogram();
        var count = Medians(seconds, chance).Sum(median => Record(histogram, median, chance));
        return SimulatedMeasurement.Of("steady", RatePerSecond / seconds, [SimulatedMeasurement.Second(0, count, count, histogram)]);
    }

    /// <summary>The median latency of each second of a deployment, in nanoseconds.</summary>
    private IEnumerable<double> Medians(int seconds, Chance chance)
    {
        var deployment = Noise.BetweenDeviation * chance.Normal();
        return Noise.Levels(seconds, chance).Select(level => MedianSeconds * 1e9 * Math.Exp(deployment + level));
    }

    private int Record(LatencyHistogram histogram, double median, Chance chance)
    {
        var count = chance.Poisson(RatePerSecond);
        for (var request = 0; request < count; request++)
        {
            histogram.RecordNanoseconds((long)(median * Table[(int)(chance.Uniform() * TableSize)]));
        }

        return count;
    }
}
