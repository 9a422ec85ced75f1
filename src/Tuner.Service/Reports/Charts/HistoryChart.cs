using System.Globalization;
using Tuner.Service.Reports.Html;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Charts;

/// <summary>How sweeps of the same name came out over time: the winner's cost and latency, the verdict as a mark, a line where the winner changed.</summary>
internal static class HistoryChart
{
    private const int Most = 60;

    public static Markup Render(HistoryData data, string currency)
    {
        var sweeps = data.Sweeps.Length > Most ? data.Sweeps[^Most..] : data.Sweeps;
        var costs = sweeps.Select(point => point.CostPerHour).OfType<decimal>().ToList();
        if (sweeps.Length < 2)
        {
            return Markup.Empty;
        }

        var labels = sweeps.Select(point => point.EndedAt.ToUniversalTime().ToString("MM-dd HH:mm", CultureInfo.InvariantCulture)).ToArray();
        var frame = new ChartFrame(
            "history",
            ChartAxis.Places(sweeps.Length, labels, 6),
            ChartAxis.Linear(0, costs.Count == 0 ? 1 : (double)costs.Max() * 1.05))
        {
            Title = "Earlier sweeps of this name",
            Description = string.Join(" ", sweeps.Select(point => $"{Figures.Time(point.EndedAt)}: {point.Status}, {Figures.Money(point.CostPerHour, currency)} per hour, {Figures.Latency(point.LatencySeconds)}.")),
            HorizontalTitle = "end of the sweep (UTC), this one last",
            VerticalTitle = $"{currency} per hour of the winner; its latency beside",
            Height = 300,
        };
        frame.Legend(
            (Mark(VerdictStatus.Verified), "verified"),
            (Mark(VerdictStatus.NothingFeasible), "nothing feasible"),
            (Mark(VerdictStatus.NotVerified), "anything else"),
            (ChartMarks.Line("baseline-line"), "another winner"));
        Points(frame, sweeps, currency);
        return frame.ToMarkup();
    }

    private static void Points(ChartFrame frame, System.Collections.Immutable.ImmutableArray<HistoryPoint> sweeps, string currency)
    {
        var path = new MarkupWriter();
        var places = new LabelPlacer(frame.Left, frame.Top, ChartFrame.Width - frame.Right, frame.Height - frame.Bottom);
        for (var index = 0; index < sweeps.Length; index++)
        {
            var point = sweeps[index];
            var x = frame.X(index);
            if (index > 0 && point.Winner is not null && sweeps[index - 1].Winner is { } before && !string.Equals(before, point.Winner, StringComparison.Ordinal))
            {
                frame.Add($"""<line class="baseline-line" x1="{x}" x2="{x}" y1="{frame.Top}" y2="{frame.Height - frame.Bottom}"/>""");
            }

            var y = frame.Y((double)(point.CostPerHour ?? 0));
            path.Add($"{new Markup(index == 0 ? "M" : "L")}{x} {y}");
            frame.Add(ChartMarks.At(x, y, Mark(point.Status), $"{point.Id}: {point.Status}, {point.Winner ?? "no winner"}, {Figures.Money(point.CostPerHour, currency)} per hour, {Figures.Latency(point.LatencySeconds)}"));
            if (point.LatencySeconds is not null)
            {
                frame.Add(places.Place(x, y, Figures.Latency(point.LatencySeconds), "label"));
            }
        }

        frame.Add($"""<path class="front" d="{path.ToMarkup()}"/>""");
    }

    private static Markup Mark(VerdictStatus status) => status switch
    {
        VerdictStatus.Verified => ChartMarks.Of(Standing.Met),
        VerdictStatus.NothingFeasible => ChartMarks.Of(Standing.Failed, 4),
        _ => ChartMarks.Of(Standing.Undecided),
    };
}
