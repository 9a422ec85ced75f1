using System.Collections.Immutable;
using Tuner.Core.Pricing;
using Tuner.Core.Sweeps;
using Tuner.Service.Pages.Models;
using Tuner.Service.Reports;
using Tuner.Service.Reports.Charts;
using Tuner.Service.Reports.Html;
using Tuner.Service.Reports.Sections;
using Tuner.Service.Storage;

namespace Tuner.Service.Pages.Building;

/// <summary>What changes with every trial of a sweep.</summary>
internal static class SweepProgressModels
{
    private const int ShownTrials = 50;

    public static SweepProgressModel Of(Report report)
    {
        var plots = new MarkupWriter();
        var label = report.Charts.CostLatency.Metric.Label;
        Figure(plots, CostLatencyChart.Render(report.Charts.CostLatency, report.Sweep.Currency), $"Cost against {label}");
        Figure(plots, BestSoFarChart.Render(report.Charts.BestSoFar, report.Sweep.Currency), "Best so far, by trial");
        return new SweepProgressModel(
            report.Sweep.Id,
            report.Sweep.Currency,
            report.Sweep.Minimized,
            plots.ToMarkup().Text,
            [.. report.Trials.Reverse().Take(ShownTrials)],
            Math.Max(0, report.Trials.Length - ShownTrials));
    }

    /// <summary>What is known before the trials are read and judged.</summary>
    public static SweepProgressModel Of(StoredSweep stored, Sweep sweep, ImmutableArray<TrialOutline> outlines)
    {
        var mask = SecretMask.Of(sweep);
        return new SweepProgressModel(stored.Id.Value, sweep.Cost.Currency, MinimizedRow.Of(sweep), "", [], Math.Max(0, outlines.Length - ShownTrials))
        {
            Outlines =
            [
                .. outlines.Reverse().Take(ShownTrials).Select(outline => new OutlineRow(
                    outline.Number,
                    Words.Of(outline.Purpose),
                    mask.Text(outline.Candidate.Key),
                    Words.State(outline.State) + (outline.Reason.Length == 0 ? "" : $": {mask.Text(outline.Reason)}"),
                    sweep.PerHour(outline.Candidate))),
            ],
        };
    }

    private static void Figure(MarkupWriter plots, Markup chart, string caption)
    {
        if (chart.Text.Length > 0)
        {
            plots.Add($"""<figure><figcaption>{caption}</figcaption><div class="scroll" tabindex="0" role="group" aria-label="{caption}">{chart}</div></figure>""");
        }
    }
}
