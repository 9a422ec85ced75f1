using Tuner.Service.Reports.Html;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Charts;

/// <summary>What the winner does at each measured rate: its latency above, what it served below, and where to stay.</summary>
internal static class EnvelopeChart
{
    private const double ServedHeight = 70;

    /// <summary>Of the ticks between both plots.</summary>
    private const double TicksHeight = 26;

    public static Markup Render(EnvelopeData data)
    {
        var latencies = data.Points.Select(point => point.LatencySeconds).OfType<double>().Where(value => value > 0).ToList();
        if (latencies.Count == 0)
        {
            return Markup.Empty;
        }

        var most = data.Points.Max(point => point.OfferedRate);
        var values = latencies.Concat(data.Metric.LimitSeconds is { } limit ? [limit] : []).ToList();
        var frame = new ChartFrame("envelope", ChartAxis.Linear(0, most * 1.05), ChartAxis.Log(values.Min(), values.Max(), value => Figures.Latency(value, 2)))
        {
            Title = $"{data.Metric.Label} and served rate of the winner by offered rate",
            Description = string.Join(" ", data.Points.Select(point => $"At {Figures.Rate(point.OfferedRate)}: {Figures.Latency(point.LatencySeconds)}, served {Figures.Rate(point.ServedRate)}, {Words.Of(point.Standing)}.")),
            HorizontalTitle = "offered, requests per second",
            VerticalTitle = $"{data.Metric.Label} (log scale)",
            Height = 420,
            Bottom = 46 + ServedHeight + TicksHeight,
        };
        frame.Legend(
            (ChartMarks.Of(Standing.Met), "every SLO met"),
            (ChartMarks.Of(Standing.Missed), "missed"),
            (ChartMarks.Of(Standing.Undecided), "undecided"),
            (Markup.Of($"""<rect class="room" x="-9" y="-5" width="16" height="10"/>"""), "head-room"),
            (ChartMarks.Line("curve dashed"), "served"));
        Room(frame, data);
        Limit(frame, data);
        Latency(frame, data);
        Served(frame, data, most);
        return frame.ToMarkup();
    }

    private static void Room(ChartFrame frame, EnvelopeData data)
    {
        if (data is { HoldsUpTo: { } holds, StayBelow: { } below })
        {
            var (from, to) = (frame.X(below), frame.X(holds));
            frame.Add($"""<rect class="room" x="{from}" y="{frame.Top}" width="{to - from}" height="{frame.InnerHeight}"/>""");
            frame.Add($"""<text class="label" x="{from}" y="{frame.Top - 5}" text-anchor="{new Markup(from > frame.Left + 240 ? "end" : "start")}">stay below {Figures.Rate(below)}</text>""");
        }

        if (data.ServedInFullUpTo is { } knee && data.Points.Any(point => point.OfferedRate > knee))
        {
            frame.Add($"""<line class="baseline-line" x1="{frame.X(knee)}" x2="{frame.X(knee)}" y1="{frame.Top}" y2="{frame.Height - 46}"/><text class="label" x="{frame.X(knee) + 5}" y="{frame.Height - frame.Bottom - 6}">knee</text>""");
        }
    }

    private static void Limit(ChartFrame frame, EnvelopeData data)
    {
        if (data.Metric.LimitSeconds is { } limit)
        {
            var y = frame.Y(limit);
            frame.Add($"""<line class="limit" x1="{frame.Left}" x2="{ChartFrame.Width - frame.Right}" y1="{y}" y2="{y}"/><text class="limit-label" x="{frame.Left + 4}" y="{y - 5}">SLO {Figures.Limit(limit, "s")}</text>""");
        }
    }

    private static void Latency(ChartFrame frame, EnvelopeData data)
    {
        var path = new MarkupWriter();
        var drawn = data.Points.Where(point => point.LatencySeconds is > 0).ToList();

        // The load's own rate and the probe's stage of the same rate are two marks and one place of the curve: what was measured longest.
        var curve = drawn.GroupBy(point => point.OfferedRate).Select(same => same.MaxBy(point => point.Measurements)!);
        foreach (var (point, index) in curve.Select((point, index) => (point, index)))
        {
            var (x, y) = (frame.X(point.OfferedRate), frame.Y(point.LatencySeconds!.Value));
            path.Add(index == 0 ? Markup.Of($"M{x} {y}") : Markup.Of($"L{x} {y}"));
        }

        frame.Add($"""<path class="curve" d="{path.ToMarkup()}"/>""");
        foreach (var point in drawn)
        {
            frame.Add(ChartMarks.At(
                frame.X(point.OfferedRate),
                frame.Y(point.LatencySeconds!.Value),
                ChartMarks.Of(point.Standing),
                $"{point.Phase}, {Figures.Rate(point.OfferedRate)}: {Figures.Latency(point.LatencySeconds)}, errors {Figures.Share(point.ErrorRate)}, {Words.Of(point.Standing)}"));
        }
    }

    private static void Served(ChartFrame frame, EnvelopeData data, double most)
    {
        var bottom = frame.Height - 46;
        double Height(double rate) => bottom - (Math.Min(1, rate / (most * 1.05)) * (ServedHeight - 14));
        var path = new MarkupWriter();
        path.Add($"M{frame.Left} {bottom}");
        foreach (var point in data.Points)
        {
            path.Add($"L{frame.X(point.OfferedRate)} {Height(point.ServedRate)}");
        }

        frame.Add($"""<line class="axis" x1="{frame.Left}" x2="{ChartFrame.Width - frame.Right}" y1="{bottom}" y2="{bottom}"/><path class="curve dashed" d="{path.ToMarkup()}"/>""");
        frame.Add($"""<text class="tick" x="{frame.Left - 7}" y="{Height(most) + 4}" text-anchor="end">{Figures.Rate(most, 2)}</text><text class="tick" x="{frame.Left - 7}" y="{bottom + 4}" text-anchor="end">0</text>""");
    }
}
