using Tuner.Service.Reports.Html;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Charts;

/// <summary>Latency by percentile of baseline and winner, with the tail drawn out.</summary>
internal static class PercentileChart
{
    public static Markup Render(PercentileData data)
    {
        var points = data.Series.SelectMany(series => series.Points).Where(point => point.Seconds > 0).ToList();
        if (points.Count == 0)
        {
            return Markup.Empty;
        }

        var values = points.Select(point => point.Seconds).Concat(data.Limits.Select(limit => limit.LimitSeconds!.Value)).ToList();
        var frame = new ChartFrame("percentiles", ChartAxis.Tail(points.Max(point => point.Quantile)), ChartAxis.Log(values.Min(), values.Max(), value => Figures.Latency(value, 2)))
        {
            Title = "Latency by percentile",
            Description = string.Join(" ", data.Series.Select(Describe)),
            HorizontalTitle = "percentile (tail on a log scale)",
            VerticalTitle = "latency (log scale)",
            Right = 70,
        };
        frame.Legend([.. data.Series.Select(series => (ChartMarks.Line(Style(series.Role)), $"{Words.Of(series.Role)}, {Figures.Count(series.Requests)} requests"))]);
        foreach (var limit in data.Limits)
        {
            var (x, y) = (frame.X(limit.Quantile), frame.Y(limit.LimitSeconds!.Value));
            frame.Add($"""<path class="limit" d="M{frame.Left} {y}H{x}V{frame.Top}"/><path class="limit-mark" d="M{x - 5} {y - 9}L{x + 5} {y - 9}L{x} {y} Z"/>""");
            frame.Add($"""<text class="limit-label" x="{frame.Left + 4}" y="{y - 5}">SLO p{Figures.Limit(limit.Quantile * 100, "").Trim()} ≤ {Figures.Limit(limit.LimitSeconds.Value, "s")}</text>""");
        }

        var places = new LabelPlacer(frame.Left, frame.Top, ChartFrame.Width, frame.Height - frame.Bottom);
        foreach (var series in data.Series)
        {
            var path = new MarkupWriter();
            foreach (var (point, index) in series.Points.Where(point => point.Seconds > 0).Select((point, index) => (point, index)))
            {
                var (x, y) = (frame.X(point.Quantile), frame.Y(point.Seconds));
                path.Add(index == 0 ? Markup.Of($"M{x} {y}") : Markup.Of($"L{x} {y}"));
            }

            var last = series.Points[^1];
            frame.Add($"""<path class="{Style(series.Role)}" d="{path.ToMarkup()}"><title>{Words.Of(series.Role)}: {series.Key}</title></path>""");
            frame.Add(places.Place(frame.X(last.Quantile) - 5, frame.Y(last.Seconds), Words.Of(series.Role), "label strong"));
        }

        return frame.ToMarkup();
    }

    private static string Style(Role role) => role is Role.Winner ? "curve" : "curve dashed";

    private static string Describe(PercentileSeries series)
    {
        string At(double quantile) => Figures.Latency(series.Points.Where(point => point.Quantile <= quantile + 1e-9).Select(point => (double?)point.Seconds).LastOrDefault());
        return $"{Words.Of(series.Role)}: p50 {At(0.5)}, p99 {At(0.99)} over {Figures.Count(series.Requests)} requests.";
    }
}
