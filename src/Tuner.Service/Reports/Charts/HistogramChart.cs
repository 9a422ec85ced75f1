using Tuner.Core.Measurements;
using Tuner.Service.Reports.Html;

namespace Tuner.Service.Reports.Charts;

/// <summary>How often each latency was seen: bars of equal width on a log scale, their height the logarithm of the count.</summary>
internal static class HistogramChart
{
    private const int BarsPerDecade = 12;

    public static Markup Render(LatencyHistogram latency)
    {
        var bars = latency.Buckets()
            .GroupBy(bucket => (int)Math.Floor(Math.Log10(Math.Max(LatencyHistogram.MidpointOf(bucket.Bucket), 1)) * BarsPerDecade))
            .Select(group => (From: Edge(group.Key), To: Edge(group.Key + 1), Count: group.Sum(bucket => bucket.Count)))
            .OrderBy(bar => bar.From)
            .ToList();
        if (bars.Count == 0)
        {
            return Markup.Empty;
        }

        var most = bars.Max(bar => bar.Count);
        var frame = new ChartFrame("histogram", ChartAxis.Log(bars[0].From, bars[^1].To, value => Figures.Latency(value, 2)), ChartAxis.Log(0.7, Math.Max(most, 2), value => Figures.Significant(value, 1)))
        {
            Title = "Histogram of latencies",
            Description = $"{Figures.Count(latency.Count)} requests from {Figures.Latency(latency.Min.TotalSeconds)} to {Figures.Latency(latency.Max.TotalSeconds)}, median {Figures.Latency(latency.Quantile(0.5).TotalSeconds)}.",
            HorizontalTitle = "latency (log scale)",
            VerticalTitle = "requests (log scale)",
            Top = 34,
            Height = 280,
        };
        var floor = frame.Height - frame.Bottom;
        foreach (var (from, to, count) in bars)
        {
            var (left, right, top) = (frame.X(from), frame.X(to), frame.Y(count));
            frame.Add($"""<rect class="bar-measure" x="{left + 0.5}" y="{top}" width="{Math.Max(1, right - left - 1)}" height="{Math.Max(1, floor - top)}"><title>{Figures.Latency(from)} to {Figures.Latency(to)}: {Figures.Count(count)} requests</title></rect>""");
        }

        return frame.ToMarkup();
    }

    /// <summary>In seconds; the numbers count nanoseconds.</summary>
    private static double Edge(int number) => Math.Pow(10, (double)number / BarsPerDecade) * 1e-9;
}
