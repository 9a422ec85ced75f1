using Tuner.Service.Reports.Html;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Charts;

/// <summary>Cost against latency: what is cheap enough, what is fast enough, and what is both.</summary>
internal static class CostLatencyChart
{
    private const int MostTooltips = 400;

    public static Markup Render(CostLatencyData data, string currency)
    {
        var measured = data.Points.Where(point => point.LatencySeconds is > 0 && data.CostOf(point) is not null).ToList();
        if (measured.Count == 0)
        {
            return Markup.Empty;
        }

        // Without a percentile a candidate has its place on the axis of costs still: failed, or too few requests to say how slow it is.
        var edge = data.Points.Where(point => point.LatencySeconds is null && data.CostOf(point) is not null).ToList();
        var frame = Frame(data, measured, edge, currency);
        var tooltips = data.Points.Length <= MostTooltips;
        var radius = tooltips ? 4.5 : 2.5;
        frame.Legend(
            (ChartMarks.Of(Standing.Met), "met"),
            (ChartMarks.Of(Standing.Missed), "missed"),
            (ChartMarks.Of(Standing.Undecided), "undecided"),
            (ChartMarks.Of(Standing.Failed), "failed"),
            (ChartMarks.Line("front"), "nothing is cheaper and faster"));
        Limit(frame, data.Metric);
        Front(frame, data, measured);
        foreach (var point in edge)
        {
            frame.Add(ChartMarks.At(frame.X(data.CostOf(point)!.Value), frame.Top + 8, ChartMarks.Of(point.Standing, 3.5), tooltips ? $"{point.Key}: {Words.Of(point.Standing)}{(point.Standing is Standing.Failed ? "" : ", too few requests for a percentile")}" : null));
        }

        foreach (var point in measured)
        {
            var tooltip = $"{point.Key}: {Figures.Latency(point.LatencySeconds)} at {(data.Minimized is { } minimized ? minimized.Words(point.Objective!.Value) : $"{Figures.Money(point.CostPerHour, currency)} per hour")}, {Words.Of(point.Standing)}";
            frame.Add(ChartMarks.At(frame.X(data.CostOf(point)!.Value), frame.Y(point.LatencySeconds!.Value), ChartMarks.Of(point.Standing, radius), tooltips ? tooltip : null));
        }

        Labels(frame, data, measured);
        return frame.ToMarkup();
    }

    private static ChartFrame Frame(CostLatencyData data, List<CostLatencyPoint> measured, List<CostLatencyPoint> edge, string currency)
    {
        var costs = measured.Concat(edge).Select(point => data.CostOf(point)!.Value).ToList();
        var latencies = measured.Select(point => point.LatencySeconds!.Value).Concat(data.Metric.LimitSeconds is { } limit ? [limit] : []).ToList();
        var spread = costs.Min() > 0 && costs.Max() / costs.Min() > 20;
        return new ChartFrame(
            "cost-latency",
            spread ? ChartAxis.Log(costs.Min(), costs.Max(), value => Figures.Significant(value, 2)) : ChartAxis.Linear(0, costs.Max() * 1.04),
            ChartAxis.Log(latencies.Min(), latencies.Max() * (edge.Count > 0 ? 1.3 : 1), value => Figures.Latency(value, 2)))
        {
            Title = $"Cost against {data.Metric.Label}",
            Description = $"{measured.Count} candidates by {data.Minimized?.Label ?? "cost per hour"} and {data.Metric.Label}: {measured.Count(point => point.Standing is Standing.Met)} meet every SLO. "
                + $"{data.Points.Count(point => point.Standing is Standing.Failed)} failed. {(data.WithoutLatency > 0 ? $"{data.WithoutLatency} have too few requests for a percentile and stand at the upper edge." : "")}",
            HorizontalTitle = data.Minimized?.Label ?? $"{currency} per hour",
            VerticalTitle = $"{data.Metric.Label} (log scale)",
        };
    }

    private static void Limit(ChartFrame frame, LatencyMetricRow metric)
    {
        if (metric.LimitSeconds is not { } limit)
        {
            return;
        }

        var y = frame.Y(limit);
        frame.Add($"""<rect class="beyond" x="{frame.Left}" y="{frame.Top}" width="{frame.InnerWidth}" height="{y - frame.Top}"/><line class="limit" x1="{frame.Left}" x2="{ChartFrame.Width - frame.Right}" y1="{y}" y2="{y}"/>""");
        frame.Add($"""<text class="limit-label" x="{ChartFrame.Width - frame.Right - 4}" y="{y - 5}" text-anchor="end">SLO {Figures.Limit(limit, "s")}</text>""");
    }

    private static void Front(ChartFrame frame, CostLatencyData data, List<CostLatencyPoint> measured)
    {
        var byKey = measured.ToDictionary(point => point.Key, StringComparer.Ordinal);
        var path = new MarkupWriter();
        var last = 0.0;
        foreach (var (key, index) in data.Front.Select((key, index) => (key, index)))
        {
            var (x, y) = (frame.X(data.CostOf(byKey[key])!.Value), frame.Y(byKey[key].LatencySeconds!.Value));
            if (index == 0)
            {
                path.Add($"M{x} {y}");
            }
            else
            {
                // What lies between two points of the front is no better than the cheaper one.
                path.Add($"L{x} {last}L{x} {y}");
            }

            last = y;
        }

        if (data.Front.Length > 1)
        {
            frame.Add($"""<path class="front" d="{path.ToMarkup()}"/>""");
        }
    }

    private static void Labels(ChartFrame frame, CostLatencyData data, List<CostLatencyPoint> measured)
    {
        var places = new LabelPlacer(frame.Left, frame.Top, ChartFrame.Width - frame.Right, frame.Height - frame.Bottom);
        foreach (var point in measured.Take(MostTooltips))
        {
            places.Keep(frame.X(data.CostOf(point)!.Value), frame.Y(point.LatencySeconds!.Value), 4);
        }

        foreach (var point in measured.Where(point => !point.Roles.IsDefaultOrEmpty).OrderBy(point => IsBest(point) ? 0 : point.Roles.Contains(Role.Baseline) ? 1 : 2))
        {
            var (x, y) = (frame.X(data.CostOf(point)!.Value), frame.Y(point.LatencySeconds!.Value));
            var strong = IsBest(point) || point.Roles.Contains(Role.Baseline);
            if (strong)
            {
                frame.Add(ChartMarks.At(x, y, ChartMarks.Ring()));
            }

            frame.Add(places.Place(x, y, Words.Of(point.Roles), strong ? "label strong" : "label"));
        }
    }

    private static bool IsBest(CostLatencyPoint point) => point.Roles.Contains(Role.Winner) || point.Roles.Contains(Role.BestSoFar);
}
