using System.Security.Cryptography;
using System.Text;
using Tuner.Service.Reports.Charts;
using Tuner.Service.Reports.Html;

namespace Tuner.Service.Reports;

/// <summary>
/// The report as one file that opens offline: nothing is fetched, its one script only sorts and copies, and every value in
/// it is encoded.
/// </summary>
public static class ReportHtml
{
    private static readonly string Style = Resource("report.css");
    private static readonly string Script = Resource("report.js");
    private static readonly string ScriptHash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Script)));

    public static string Write(Report report)
    {
        var page = new MarkupWriter();
        page.Add($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{new Markup(ScriptHash)}'; base-uri 'none'; form-action 'none'">
            <title>{report.Sweep.Name}: {report.Verdict.Headline}</title>
            <style>{new Markup(Style)}</style>
            </head>
            <body>
            <header class="top"><span>Tuner report</span><strong>{report.Sweep.Name}</strong><span>{report.Sweep.Id}</span><span>{Figures.Time(report.Evidence.EndedAt)}</span>
            <nav aria-label="Sections"><a href="#compare">Side by side</a><a href="#why">Why</a><a href="#plots">Plots</a><a href="#evidence">Evidence</a><a href="#deploy">Deploy</a><a href="#trials">All trials</a></nav></header>
            <main>

            """);
        page.Add(VerdictMarkup.Render(report));
        page.Add(ComparisonMarkup.Render(report));
        page.Add(ChoiceMarkup.Render(report));
        page.Add(Plots(report));
        page.Add(EvidenceMarkup.Render(report));
        page.Add(DeployMarkup.Render(report));
        page.Add(TrialsMarkup.Render(report));
        page.Add($"""
            </main>
            <footer>tuner {report.Evidence.Versions.Tuner}; report schema {report.SchemaVersion}; every number here is in report.json. {(Words.Command(report) is { } command ? Markup.Of($"""<br>To {(command.Contains("--resume", StringComparison.Ordinal) ? "go on" : "run it again")}: <code>{command}</code>""") : Markup.Empty)}</footer>
            <script>{new Markup(Script)}</script>
            </body>
            </html>

            """);
        return page.ToMarkup().Text;
    }

    private static Markup Plots(Report report)
    {
        var currency = report.Sweep.Currency;
        var charts = report.Charts;
        var label = charts.CostLatency.Metric.Label;
        var section = new MarkupWriter();
        section.Add($"""<section aria-labelledby="plots"><h2 id="plots">Plots</h2><div class="plots">""");
        Figure(section, CostLatencyChart.Render(charts.CostLatency, currency), $"Cost against {label}", Missing(charts.CostLatency.WithoutLatency));
        Figure(section, BestSoFarChart.Render(charts.BestSoFar, currency), "Best so far, by trial", "A candidate counts from its first measurement on, by its final standing.");
        Figure(section, PercentileChart.Render(charts.Percentiles), "Latency by percentile", "The curve ends where too few requests are left to say.");
        Figure(section, RepeatsChart.Render(charts.Repeats), $"Repeats: {label}", "Each dot is one trial.");
        Figure(section, TimelineChart.Render(charts.Timeline), "Timeline of trials", "");
        section.Add($"</div></section>\n");
        return section.ToMarkup();
    }

    private static string Missing(int count) => count == 0
        ? "Cheaper is left, faster is down."
        : $"Cheaper is left, faster is down. {Words.Counted(count, "candidate")} with too few requests for a percentile not drawn.";

    private static void Figure(MarkupWriter section, Markup chart, string caption, string remark)
    {
        if (chart.Text.Length > 0)
        {
            section.Add($"""<figure><figcaption>{caption} <span>{remark}</span></figcaption><div class="scroll" tabindex="0" role="group" aria-label="{caption}">{chart}</div></figure>""");
        }
    }

    private static string Resource(string name)
    {
        using var stream = typeof(ReportHtml).Assembly.GetManifestResourceStream($"Tuner.Service.Reports.Html.{name}")
            ?? throw new InvalidOperationException($"The resource {name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
