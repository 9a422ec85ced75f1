using Tuner.Service.Reports.Html;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Pages.Building;

/// <summary>The plots of a schedule's sweeps, and what changed from one to the next.</summary>
internal static class HistoryFigures
{
    /// <summary>Empty where there is nothing to draw.</summary>
    public static string Of(HistoryData? history)
    {
        if (history is null)
        {
            return "";
        }

        var markup = new MarkupWriter();
        markup.Add($"""<div class="plots">{HistoryMarkup.Figures(history, history.Sweeps[^1].Currency ?? "")}</div>""");
        markup.Add(HistoryMarkup.Changes(history));
        return markup.ToMarkup().Text;
    }
}
