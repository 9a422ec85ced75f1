using System.Globalization;
using Tuner.Core.Trials;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Html;

/// <summary>Every trial in one table: sortable with the script, complete without it.</summary>
internal static class TrialsMarkup
{
    public static Markup Render(Report report)
    {
        var section = new MarkupWriter();
        section.Add($"""
            <section aria-labelledby="trials-title" id="trials"><h2 id="trials-title">All trials</h2>
            <p class="muted">Percentiles from fewer than {Figures.Count(report.Evidence.MinRequests)} requests are not printed. "Candidate stands" is the verdict over all its measurements; one trial alone decides nothing.</p>
            <div class="scroll" tabindex="0" role="group" aria-label="All trials"><table data-sortable><thead><tr><th scope="col" class="num">#</th><th scope="col">purpose</th><th scope="col">outcome</th><th scope="col">candidate</th><th scope="col">candidate stands</th><th scope="col" class="num">{Words.CostTitle(report.Sweep)}</th><th scope="col" class="num">p50</th><th scope="col" class="num">p99</th><th scope="col" class="num">errors</th><th scope="col" class="num">rate</th><th scope="col" class="num">requests</th><th scope="col" class="num">deployed</th></tr></thead><tbody>

            """);
        foreach (var trial in report.Trials)
        {
            Row(section, trial, report.Sweep);
        }

        section.Add($"</tbody></table></div></section>\n");
        return section.ToMarkup();
    }

    private static void Row(MarkupWriter section, TrialRow trial, SweepSection sweep)
    {
        section.Add($"""<tr><td class="num">{trial.Number}</td><td>{Words.Of(trial.Purpose)}</td><td>{Outcome(trial)}</td><td><span class="key">{trial.Key}</span>{Remark(trial)}</td><td>{SloMarkup.Mark(trial.Standing)}</td>""");
        Number(section, sweep.Minimized is null ? (double)trial.CostPerHour : trial.Objective, Words.CostCell(sweep, trial.CostPerHour, trial.Objective));
        Number(section, trial.Latency?.P50, Figures.Latency(trial.Latency?.P50));
        Number(section, trial.Latency?.P99, Figures.Latency(trial.Latency?.P99));
        Number(section, trial.ErrorRate, Figures.Share(trial.ErrorRate));
        Number(section, trial.Throughput, Figures.Rate(trial.Throughput));
        Number(section, trial.Requests, Figures.Count(trial.Requests));
        Number(section, trial.DeployedSeconds, Figures.Duration(trial.DeployedSeconds));
        section.Add($"</tr>\n");
    }

    private static Markup Remark(TrialRow trial)
    {
        var reason = trial.Reason.Length == 0 ? Markup.Empty : Markup.Of($"""<div class="muted">{trial.Reason}</div>""");
        return trial.LogTail is { } tail ? Markup.Of($"{reason}<details><summary>log</summary><pre>{tail}</pre></details>") : reason;
    }

    private static Markup Outcome(TrialRow trial) => trial.State switch
    {
        nameof(TrialState.Measured) => Markup.Of($"measured"),
        nameof(TrialState.CandidateFailed) => SloMarkup.Mark(Standing.Failed),
        _ => Markup.Of($"""<span class="mark lost">– {Words.State(trial.State)}</span>"""),
    };

    private static void Number(MarkupWriter section, double? value, string text)
    {
        var sort = value is { } number ? Math.Round(number, 9).ToString("R", CultureInfo.InvariantCulture) : "";
        section.Add($"""<td class="num" data-v="{sort}">{text}</td>""");
    }
}
