using Tuner.Core.Measurements;
using Tuner.Core.Statistics;

namespace Tuner.Core.Slos;

/// <summary>
/// The latency (seconds) that a given share of requests exceeds: from the histogram where at least two requests lie
/// beyond, and further out along the slope of ln(latency) over the logit of the share, as the tail showed it so far.
/// </summary>
internal sealed class TailCurve
{
    private const double SteepestSlope = 2;
    private readonly double[] seconds;
    private readonly double[] tails;
    private readonly long count;

    public TailCurve(LatencyHistogram histogram)
    {
        count = histogram.Count;
        var filled = histogram.Buckets().ToArray();
        seconds = new double[filled.Length];
        tails = new double[filled.Length];
        long beyond = count;
        double sum = 0, squares = 0;
        for (var index = 0; index < filled.Length; index++)
        {
            beyond -= filled[index].Count;
            seconds[index] = Math.Max(LatencyHistogram.MidpointOf(filled[index].Bucket), 1) * 1e-9;
            tails[index] = (double)beyond / count;
            sum += seconds[index] * filled[index].Count;
            squares += seconds[index] * seconds[index] * filled[index].Count;
        }

        var mean = sum / Math.Max(1, count);
        RelativeSpread = mean > 0 ? Math.Sqrt(Math.Max(0, (squares / count) - (mean * mean))) / mean : 0;
    }

    /// <summary>Standard deviation of a single latency over the mean.</summary>
    public double RelativeSpread { get; }

    public double AtTail(double tail)
    {
        if (seconds.Length == 0)
        {
            return double.NaN;
        }

        var known = Math.Min(2.0 / count, 0.5);
        if (tail >= known)
        {
            return Read(tail);
        }

        var wider = Math.Min(0.5, 8 * known);
        var slope = wider > known ? Math.Log(Read(known) / Read(wider)) / (Logit(wider) - Logit(known)) : 0;
        var reach = Logit(known) - Logit(tail);
        return Math.Max(seconds[^1], Read(known) * Math.Exp(Math.Clamp(slope, 0, SteepestSlope) * reach));
    }

    /// <summary>How fast the logit of the share falls with ln(latency) around this share: large for a short tail.</summary>
    public double Steepness(double tail)
    {
        var wider = Math.Min(0.5, 5 * tail);
        var distance = Math.Log(AtTail(tail) / AtTail(Math.Max(wider, Math.Min(0.9, 1.5 * tail))));
        return distance > 0 ? (Logit(Math.Max(wider, Math.Min(0.9, 1.5 * tail))) - Logit(tail)) / distance : double.PositiveInfinity;
    }

    /// <summary>The smallest latency that at most this share exceeds.</summary>
    private double Read(double tail)
    {
        int low = 0, high = tails.Length - 1;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (tails[middle] <= tail + 1e-12)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return seconds[low];
    }

    private static double Logit(double share) => Math.Log(share / (1 - share));
}
