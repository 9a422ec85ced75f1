using Tuner.Service.Reports.Html;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Charts;

/// <summary>What each trial's candidate costs, and the cheapest feasible one known so far.</summary>
internal static class BestSoFarChart
{
    private const int MostTooltips = 400;

    public static Markup Render(BestSoFarData data, string currency)
    {
        if (data.Trials.IsEmpty)
        {
            return Markup.Empty;
        }

        var highest = Math.Max((double)data.Trials.Max(point => point.CostPerHour), (double)(data.BaselineCostPerHour ?? 0));
        var final = data.Trials[^1].BestCostPerHour;
        var frame = new ChartFrame(
            "best-so-far",
            ChartAxis.Linear(1, Math.Max(2, data.Trials[^1].Number), whole: true),
            ChartAxis.Linear(0, highest * 1.05))
        {
            Title = "Best so far by trial",
            Description = $"Cost per hour of {data.Trials.Length} trials in order. {(final is { } best ? $"The cheapest candidate known to be feasible ends at {Figures.Money(best, currency)}." : "None was feasible.")}",
            HorizontalTitle = "trial",
            VerticalTitle = $"{currency} per hour",
        };
        frame.Legend(
            (ChartMarks.Line("best"), "cheapest known feasible"),
            (ChartMarks.Of(Standing.Met, 3), "met"),
            (ChartMarks.Of(Standing.Missed, 3), "missed"),
            (ChartMarks.Of(Standing.Undecided, 3), "undecided"),
            (ChartMarks.Of(Standing.Failed, 3), "failed"),
            (ChartMarks.Of(Standing.NotMeasured, 3), "lost"));
        if (data.BaselineCostPerHour is { } baseline)
        {
            var y = frame.Y((double)baseline);
            frame.Add($"""<line class="baseline-line" x1="{frame.Left}" x2="{ChartFrame.Width - frame.Right}" y1="{y}" y2="{y}"/><text class="label" x="{ChartFrame.Width - frame.Right - 4}" y="{y - 5}" text-anchor="end">baseline</text>""");
        }

        foreach (var point in data.Trials)
        {
            var tooltip = data.Trials.Length > MostTooltips ? null : $"trial {point.Number}: {Figures.Money(point.CostPerHour, currency)} per hour, {Words.Of(point.Standing)}";
            frame.Add(ChartMarks.At(frame.X(point.Number), frame.Y((double)point.CostPerHour), ChartMarks.Of(point.Standing, 3), tooltip));
        }

        Best(frame, data, currency);
        return frame.ToMarkup();
    }

    private static void Best(ChartFrame frame, BestSoFarData data, string currency)
    {
        var path = new MarkupWriter();
        decimal? before = null;
        foreach (var point in data.Trials.Where(point => point.BestCostPerHour is not null))
        {
            if (point.BestCostPerHour == before)
            {
                continue;
            }

            var (x, y) = (frame.X(point.Number), frame.Y((double)point.BestCostPerHour!.Value));
            if (before is null)
            {
                path.Add($"M{x} {y}");
            }
            else
            {
                path.Add($"H{x}V{y}");
            }

            before = point.BestCostPerHour;
        }

        if (before is { } best)
        {
            var (x, y) = (frame.X(data.Trials[^1].Number), frame.Y((double)best));
            path.Add($"H{x}");
            frame.Add($"""<path class="best" d="{path.ToMarkup()}"/><text class="label strong" x="{x - 4}" y="{y + 16}" text-anchor="end">{Figures.Money(best, currency)}</text>""");
        }
    }
}
