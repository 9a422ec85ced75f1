using System.Security.Cryptography;
using System.Text;
using Tuner.Service.Reports.Charts;
using Tuner.Service.Reports.Comparing;
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

    public static string Write(Report report) => Page(
        $"{report.Sweep.Name}: {report.Verdict.Headline}",
        Markup.Of($"""
            <header class="top"><span>Tuner report</span><strong>{report.Sweep.Name}</strong><span>{report.Sweep.Id}</span><span>{Figures.Time(report.Evidence.EndedAt)}</span>
            <nav aria-label="Sections"><a href="#compare">Side by side</a><a href="#why">Why</a><a href="#plots">Plots</a><a href="#evidence">Evidence</a><a href="#deploy">Deploy</a><a href="#trials">All trials</a></nav></header>

            """),
        Body(report),
        Footer(report));

    /// <summary>Two sweeps side by side, as one file that opens offline too.</summary>
    public static string Write(ReportComparison comparison) => Page(
        $"{comparison.Left.Id} against {comparison.Right.Id}",
        Markup.Of($"""<header class="top"><span>Tuner comparison</span><strong>{comparison.Left.Id}</strong><strong>{comparison.Right.Id}</strong></header>"""),
        ComparisonMarkup.Render(comparison),
        Markup.Of($"comparison schema {comparison.SchemaVersion}; every number here is in its JSON form."));

    /// <summary>Everything that a report says, without the page around it.</summary>
    internal static Markup Body(Report report)
    {
        var body = new MarkupWriter();
        body.Add(VerdictMarkup.Render(report));
        body.Add(SideBySideMarkup.Render(report));
        body.Add(ChoiceMarkup.Render(report));
        body.Add(Plots(report));
        body.Add(EvidenceMarkup.Render(report));
        body.Add(DeployMarkup.Render(report));
        body.Add(TrialsMarkup.Render(report));
        return body.ToMarkup();
    }

    private static Markup Footer(Report report) => Markup.Of($"""
        tuner {report.Evidence.Versions.Tuner}; report schema {report.SchemaVersion}; every number here is in report.json. {(Words.Command(report) is { } command ? Markup.Of($"""<br>To {(command.Contains("--resume", StringComparison.Ordinal) ? "go on" : "run it again")}: <code>{command}</code>""") : Markup.Empty)}
        """);

    private static string Page(string title, Markup header, Markup body, Markup footer)
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
            <title>{title}</title>
            <style>{new Markup(Style)}</style>
            </head>
            <body>
            {header}<main>

            """);
        page.Add(body);
        page.Add($"""
            </main>
            <footer>{footer}</footer>
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
        Figure(section, BestSoFarChart.RenderByMoney(charts.BestSoFar, currency), "Best so far, by money", $"What each find had cost: price times the time that candidates were deployed{(report.Spend.Notional ? ", billed by nobody" : "")}.");
        if (charts.Envelope is { } envelope)
        {
            Figure(section, EnvelopeChart.Render(envelope), "Operating envelope of the winner", Words.Envelope(envelope));
        }

        Figure(section, PercentileChart.Render(charts.Percentiles), "Latency by percentile", "The curve ends where too few requests are left to say.");
        Figure(section, RepeatsChart.Render(charts.Repeats), $"Repeats: {label}", "Each dot is one trial.");
        Figure(section, ImportanceChart.Render(report.Choice.Importance), "Importance of the parameters", Words.Of(report.Choice.Importance.Source));
        foreach (var slice in charts.Slices)
        {
            Figure(section, SliceChart.Render(slice, charts.CostLatency.Metric, report.Verdict.Winner), $"Slice: {slice.Parameter}", "All measured candidates; other parameters vary too.");
        }

        if (charts.History is { } history)
        {
            section.Add(HistoryMarkup.Figures(history, currency));
        }

        Figure(section, TimelineChart.Render(charts.Timeline), "Timeline of trials", "");
        section.Add($"</div>");
        section.Add(charts.History is { } changing ? HistoryMarkup.Changes(changing) : Markup.Empty);
        section.Add($"</section>\n");
        return section.ToMarkup();
    }

    private static string Missing(int count) => count == 0
        ? "Cheaper is left, faster is down."
        : $"Cheaper is left, faster is down. {Words.Counted(count, "candidate")} with too few requests for a percentile: at the upper edge.";

    internal static void Figure(MarkupWriter section, Markup chart, string caption, string remark)
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
