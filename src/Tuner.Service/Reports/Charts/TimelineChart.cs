using Tuner.Core.Trials;
using Tuner.Service.Reports.Html;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Charts;

/// <summary>When each trial was deployed, measured and gone, so that lost time can be seen.</summary>
internal static class TimelineChart
{
    private const int MostTooltips = 200;

    public static Markup Render(TimelineData data)
    {
        if (data.Bars.IsEmpty)
        {
            return Markup.Empty;
        }

        var count = data.Bars.Length;
        var row = Math.Min(460.0 / count, 12);
        var end = data.Bars.Max(bar => bar.End);
        var unit = end > 7200 ? (Name: "hours", Seconds: 3600.0) : end > 180 ? (Name: "minutes", Seconds: 60.0) : (Name: "seconds", Seconds: 1.0);
        var frame = new ChartFrame(
            "timeline",
            ChartAxis.Linear(0, end / unit.Seconds),
            ChartAxis.Linear(0, count, whole: true))
        {
            Title = "Timeline of trials",
            Description = $"{count} trials over {Figures.Duration(end)}: {string.Join(", ", data.Bars.GroupBy(bar => bar.State).Select(group => $"{group.Count()} {Words.State(group.Key)}"))}.",
            HorizontalTitle = $"{unit.Name} since the start",
            VerticalTitle = "trial, first on top",
            Height = 102 + (row * count),
        };
        frame.Legend(
            (Markup.Of($"""<rect class="bar-deploy" x="-9" y="-1.5" width="16" height="3"/>"""), "deploy, warm-up, stop"),
            (Markup.Of($"""<rect class="bar-measure" x="-9" y="-4" width="16" height="8"/>"""), "measured"),
            (Markup.Of($"""<rect class="bar-lost" x="-9" y="-4" width="16" height="8"/>"""), "invalid or stopped"),
            (ChartMarks.Of(Standing.Failed, 3.5), "failed"));
        for (var index = 0; index < count; index++)
        {
            Bar(frame, data.Bars[index], frame.Top + (index * row), row, unit.Seconds, tooltip: count <= MostTooltips);
        }

        return frame.ToMarkup(verticalLabels: false);
    }

    private static void Bar(ChartFrame frame, TimelineBar bar, double top, double row, double unit, bool tooltip)
    {
        var (start, end) = (frame.X(bar.Start / unit), frame.X(bar.End / unit));
        var thin = row * 0.28;
        var thick = row * 0.72;
        var middle = top + (row / 2);
        var title = tooltip ? Markup.Of($"<title>trial {bar.Number}, {Words.Of(bar.Purpose)}, {Words.State(bar.State)}: {bar.Key}, {Figures.Duration(bar.End - bar.Start)}</title>") : Markup.Empty;
        frame.Add($"""<g>{title}<rect class="bar-deploy" x="{start}" y="{middle - (thin / 2)}" width="{Math.Max(0.5, end - start)}" height="{thin}"/>""");
        if (bar is { MeasureStart: { } from, MeasureEnd: { } to })
        {
            var style = bar.State is nameof(TrialState.Measured) ? "bar-measure" : "bar-lost";
            frame.Add($"""<rect class="{style}" x="{frame.X(from / unit)}" y="{middle - (thick / 2)}" width="{Math.Max(0.5, frame.X(to / unit) - frame.X(from / unit))}" height="{thick}"/>""");
        }
        else if (bar.State is nameof(TrialState.CandidateFailed))
        {
            frame.Add(ChartMarks.At(end, middle, ChartMarks.Of(Standing.Failed, Math.Min(3.5, thick / 2))));
        }
        else if (bar.State is nameof(TrialState.Interrupted) or nameof(TrialState.Cancelled))
        {
            frame.Add($"""<rect class="bar-lost" x="{start}" y="{middle - (thick / 2)}" width="{Math.Max(0.5, end - start)}" height="{thick}"/>""");
        }

        if (row >= 9 && (bar.Number == 1 || bar.Number % 5 == 0))
        {
            frame.Add($"""<text class="tick" x="{frame.Left - 7}" y="{middle + 4}" text-anchor="end">{bar.Number}</text>""");
        }

        frame.Add($"</g>");
    }
}
