using Tuner.Service.Reports.Charts;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Html;

/// <summary>How sweeps of one name came out over time: two plots on one scale of time, and what changed when.</summary>
internal static class HistoryMarkup
{
    public static Markup Figures(HistoryData history, string currency)
    {
        var section = new MarkupWriter();
        ReportHtml.Figure(section, HistoryChart.Cost(history, currency), "Earlier sweeps of this name: cost of the winner", "The mark is the verdict; a line of dashes where something changed.");
        ReportHtml.Figure(section, HistoryChart.Latency(history), "Earlier sweeps of this name: latency", "Of the winner; where nothing was feasible, of the nearest candidate.");
        return section.ToMarkup();
    }

    /// <summary>What changed, one line each; empty where nothing did.</summary>
    public static Markup Changes(HistoryData history)
    {
        if (history.Changes.IsEmpty)
        {
            return Markup.Empty;
        }

        var list = new MarkupWriter();
        list.Add($"""<h3>What changed from one sweep to the next</h3><ul class="plain">""");
        foreach (var change in history.Changes)
        {
            list.Add($"<li>{change.Id}: {change.What}</li>");
        }

        list.Add($"</ul>");
        return list.ToMarkup();
    }
}
