using System.Collections.Immutable;
using System.Globalization;
using Tuner.Core.Gate;
using Tuner.Service.Reports.Html;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Charts;

/// <summary>How sweeps of the same name came out over time: one plot of the winner's cost, one of its latency, the verdict as a mark in both.</summary>
internal static class HistoryChart
{
    private const int Most = 60;

    public static Markup Cost(HistoryData data, string currency)
    {
        var sweeps = Recent(data);
        var minimized = sweeps.IsEmpty ? null : sweeps[^1].Minimized;

        // What another objective was decided on has no place on this scale.
        double? CostOf(HistoryPoint point) => point.Minimized != minimized ? null : minimized is null ? (double?)point.CostPerHour : point.Objective;
        var costs = sweeps.Select(CostOf).OfType<double>().ToList();
        return costs.Count == 0 || sweeps.Length < 2
            ? Markup.Empty
            : Plot("history", "Cost of earlier sweeps of this name", $"{minimized?.Label ?? $"{currency} per hour"} of the winner", data, currency, ChartAxis.Linear(0, costs.Max() * 1.05), CostOf);
    }

    public static Markup Latency(HistoryData data)
    {
        var sweeps = Recent(data);
        var limit = sweeps.IsEmpty ? null : sweeps[^1].Limit;
        var values = sweeps.Select(point => point.LatencySeconds).OfType<double>().Where(value => value > 0).ToList();
        if (values.Count == 0 || sweeps.Length < 2)
        {
            return Markup.Empty;
        }

        var metric = sweeps[^1].Metric ?? "latency";
        var axis = ChartAxis.Log(Math.Min(values.Min(), limit ?? double.MaxValue), Math.Max(values.Max(), limit ?? 0), value => Figures.Latency(value));
        return Plot("history-latency", $"{metric} of earlier sweeps of this name", metric, data, "", axis, point => point.LatencySeconds, limit);
    }

    private static ImmutableArray<HistoryPoint> Recent(HistoryData data) => data.Sweeps.Length > Most ? data.Sweeps[^Most..] : data.Sweeps;

    private static Markup Plot(string id, string title, string vertical, HistoryData data, string currency, ChartAxis axis, Func<HistoryPoint, double?> value, double? limit = null)
    {
        var sweeps = Recent(data);
        var labels = sweeps.Select(point => point.EndedAt.ToUniversalTime().ToString("MM-dd HH:mm", CultureInfo.InvariantCulture)).ToArray();
        var frame = new ChartFrame(id, ChartAxis.Places(sweeps.Length, labels, 6), axis)
        {
            Title = title,
            Description = string.Join(" ", sweeps.Select(point => $"{Figures.Time(point.EndedAt)}: {Told(point, currency)}.")),
            HorizontalTitle = "end of the sweep (UTC), the latest last",
            VerticalTitle = vertical,
            Height = 300,
        };
        frame.Legend(
            (Marked(VerdictStatus.Verified, null), "verified"),
            (Marked(VerdictStatus.NothingFeasible, null), "infeasible, or the gate fails"),
            (Marked(VerdictStatus.NotVerified, null), "anything else"),
            (ChartMarks.Line("baseline-line"), "change"));
        Changes(frame, sweeps, data.Changes);
        if (limit is { } line)
        {
            frame.Add($"""<line class="limit" x1="{frame.Left}" x2="{ChartFrame.Width - frame.Right}" y1="{frame.Y(line)}" y2="{frame.Y(line)}"/><text class="limit-label" x="{frame.Left + 6}" y="{frame.Y(line) - 5}">SLO {Figures.Latency(line)}</text>""");
        }

        Points(frame, sweeps, currency, value);
        return frame.ToMarkup();
    }

    private static void Changes(ChartFrame frame, ImmutableArray<HistoryPoint> sweeps, ImmutableArray<ChangePoint> changes)
    {
        for (var index = 0; index < sweeps.Length; index++)
        {
            var here = changes.Where(change => string.Equals(change.Id, sweeps[index].Id, StringComparison.Ordinal)).ToList();
            if (here.Count > 0)
            {
                var x = frame.X(index - 0.5);
                frame.Add($"""<g><title>{string.Join("; ", here.Select(change => change.What))}</title><line class="baseline-line" x1="{x}" x2="{x}" y1="{frame.Top}" y2="{frame.Height - frame.Bottom}"/></g>""");
            }
        }
    }

    private static void Points(ChartFrame frame, ImmutableArray<HistoryPoint> sweeps, string currency, Func<HistoryPoint, double?> value)
    {
        var path = new MarkupWriter();
        var begun = false;
        for (var index = 0; index < sweeps.Length; index++)
        {
            var point = sweeps[index];
            var x = frame.X(index);
            if (value(point) is not { } height)
            {
                // Without a value its verdict still has its place, on the axis.
                begun = false;
                frame.Add(ChartMarks.At(x, frame.Height - frame.Bottom, Marked(point.Status, point.Gate), $"{point.Id}: {Told(point, currency)}"));
                continue;
            }

            var y = frame.Y(height);
            path.Add($"{new Markup(begun ? "L" : "M")}{x} {y}");
            begun = true;
            frame.Add(ChartMarks.At(x, y, Marked(point.Status, point.Gate), $"{point.Id}: {Told(point, currency)}"));
        }

        frame.Add($"""<path class="front" d="{path.ToMarkup()}"/>""");
    }

    private static string Told(HistoryPoint point, string currency)
    {
        var cost = currency.Length == 0 || point.CostPerHour is null ? "" : $", {MinimizedRow.Cost(point.Minimized, currency, point.CostPerHour, point.Objective)}";
        var gate = point.Gate is { } word ? $", gate: {Words.Of(word)}" : "";
        return $"{Words.Of(point.Status)}{gate}, {point.Winner ?? "no winner"}{cost}, {Figures.Latency(point.LatencySeconds)}";
    }

    private static Markup Marked(VerdictStatus status, GateVerdict? gate) => (status, gate) switch
    {
        (VerdictStatus.NothingFeasible, _) or (_, GateVerdict.Fail) => ChartMarks.Of(Standing.Failed, 4),
        (VerdictStatus.Verified, GateVerdict.Pass or null) => ChartMarks.Of(Standing.Met),
        _ => ChartMarks.Of(Standing.Undecided),
    };
}
