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
        var highest = Math.Max(data.Trials.Max(data.CostOf) ?? 0, data.CostOfBaseline() ?? 0);
        var final = data.BestOf(data.Trials[^1]);
        var frame = new ChartFrame(
            id,
            axis,
            ChartAxis.Linear(0, highest * 1.05))
        {
            Title = $"Best so far by {unit}",
            Description = $"{data.Minimized?.Label ?? "Cost per hour"} of {data.Trials.Length} trials in order. {(final is { } best ? $"The cheapest candidate known to be feasible ends at {data.Text(best, currency)}." : "None was feasible.")}",
            HorizontalTitle = unit,
            VerticalTitle = data.Minimized?.Label ?? $"{currency} per hour",
        };
        frame.Legend(
            (ChartMarks.Line("best"), "cheapest known feasible"),
            (ChartMarks.Of(Standing.Met, 3), "met"),
            (ChartMarks.Of(Standing.Missed, 3), "missed"),
            (ChartMarks.Of(Standing.Undecided, 3), "undecided"),
            (ChartMarks.Of(Standing.Failed, 3), "failed"),
            (ChartMarks.Of(Standing.NotMeasured, 3), "lost"));
        if (data.CostOfBaseline() is { } baseline)
        {
            var y = frame.Y(baseline);
            frame.Add($"""<line class="baseline-line" x1="{frame.Left}" x2="{ChartFrame.Width - frame.Right}" y1="{y}" y2="{y}"/><text class="label" x="{ChartFrame.Width - frame.Right - 4}" y="{y - 5}" text-anchor="end">baseline</text>""");
        }

        foreach (var (point, cost) in data.Trials.Where(point => data.CostOf(point) is not null).Select(point => (point, data.CostOf(point)!.Value)))
        {
            var tooltip = data.Trials.Length > MostTooltips ? null : $"trial {point.Number}: {data.Text(cost, currency)}, {Words.Of(point.Standing)}";
            frame.Add(ChartMarks.At(frame.X(place(point)), frame.Y(cost), ChartMarks.Of(point.Standing, 3), tooltip));
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
        double? before = null;
        foreach (var point in data.Trials.Where(point => data.BestOf(point) is not null))
        {
            if (data.BestOf(point) == before)
            {
                continue;
            }

            var (x, y) = (frame.X(place(point)), frame.Y(data.BestOf(point)!.Value));
            if (before is null)
            {
                path.Add($"M{x} {y}");
            }
            else
            {
                path.Add($"H{x}V{y}");
            }

            before = data.BestOf(point);
        }

        if (before is { } best)
        {
            var (x, y) = (frame.X(place(data.Trials[^1])), frame.Y(best));
            path.Add($"H{x}");
            frame.Add($"""<path class="best" d="{path.ToMarkup()}"/><text class="label strong" x="{x - 4}" y="{y + 16}" text-anchor="end">{(data.Minimized is { } minimized ? minimized.Text(best) : Figures.Money((decimal)best, currency))}</text>""");
        }
    }
}
