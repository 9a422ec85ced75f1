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

        return Render(data, currency, "best-so-far", ChartAxis.Linear(1, Math.Max(2, data.Trials[^1].Number), whole: true), point => point.Number, "trial");
    }

    /// <summary>The same by the money spent so far, up to the budget where the sweep came near it.</summary>
    public static Markup RenderByMoney(BestSoFarData data, string currency)
    {
        if (data.Trials.IsEmpty || data.Trials[^1].MoneySpent <= 0)
        {
            return Markup.Empty;
        }

        var spent = (double)data.Trials[^1].MoneySpent;
        var near = data.MoneyBudget is { } budget && spent > 0.25 * (double)budget;
        return Render(data, currency, "best-by-money", ChartAxis.Linear(0, near ? (double)data.MoneyBudget!.Value : spent), point => (double)point.MoneySpent, $"{currency} spent on the sweep", near ? (double)data.MoneyBudget!.Value : null);
    }

    private static Markup Render(BestSoFarData data, string currency, string id, ChartAxis axis, Func<BestSoFarPoint, double> place, string unit, double? end = null)
    {
        var highest = Math.Max((double)data.Trials.Max(point => point.CostPerHour), (double)(data.BaselineCostPerHour ?? 0));
        var final = data.Trials[^1].BestCostPerHour;
        var frame = new ChartFrame(
            id,
            axis,
            ChartAxis.Linear(0, highest * 1.05))
        {
            Title = $"Best so far by {unit}",
            Description = $"Cost per hour of {data.Trials.Length} trials in order. {(final is { } best ? $"The cheapest candidate known to be feasible ends at {Figures.Money(best, currency)}." : "None was feasible.")}",
            HorizontalTitle = unit,
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
            frame.Add(ChartMarks.At(frame.X(place(point)), frame.Y((double)point.CostPerHour), ChartMarks.Of(point.Standing, 3), tooltip));
        }

        if (end is { } budget)
        {
            frame.Add($"""<line class="limit" x1="{frame.X(budget)}" x2="{frame.X(budget)}" y1="{frame.Top}" y2="{frame.Height - frame.Bottom}"/><text class="limit-label" x="{frame.X(budget) - 5}" y="{frame.Top + 12}" text-anchor="end">budget</text>""");
        }

        Best(frame, data, currency, place);
        return frame.ToMarkup();
    }

    private static void Best(ChartFrame frame, BestSoFarData data, string currency, Func<BestSoFarPoint, double> place)
    {
        var path = new MarkupWriter();
        decimal? before = null;
        foreach (var point in data.Trials.Where(point => point.BestCostPerHour is not null))
        {
            if (point.BestCostPerHour == before)
            {
                continue;
            }

            var (x, y) = (frame.X(place(point)), frame.Y((double)point.BestCostPerHour!.Value));
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
            var (x, y) = (frame.X(place(data.Trials[^1])), frame.Y((double)best));
            path.Add($"H{x}");
            frame.Add($"""<path class="best" d="{path.ToMarkup()}"/><text class="label strong" x="{x - 4}" y="{y + 16}" text-anchor="end">{Figures.Money(best, currency)}</text>""");
        }
    }
}
