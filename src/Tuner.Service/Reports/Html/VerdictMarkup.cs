using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Html;

/// <summary>The verdict box: the answer on one screen.</summary>
internal static class VerdictMarkup
{
    /// <param name="heading">1 where the verdict is what the page is about.</param>
    public static Markup Render(Report report, int heading = 1)
    {
        var verdict = report.Verdict;
        var box = new MarkupWriter();
        box.Add($"""<section class="verdict {Style(verdict.Status)}" aria-labelledby="verdict"><div class="head"><span class="badge">{Badge(verdict.Status)}</span><h{heading} id="verdict">{verdict.Headline}</h{heading}></div>""");
        if (verdict.Because is { } because)
        {
            box.Add($"<p>{because}</p>");
        }

        box.Add($"""<p class="advice">{verdict.Advice}</p>""");
        foreach (var caveat in verdict.Caveats)
        {
            box.Add($"""<p class="caveat">Note: {caveat}</p>""");
        }

        if (report.Find(verdict.Shown) is { } row)
        {
            box.Add($"""<h2 class="muted" style="border:0;margin:6px 0 4px;font-size:13px;padding:0">{(verdict.Winner is null ? "Nearest candidate" : "Winner")}{(row.Parameters.Any(item => item.Changed) ? "; framed where it differs from the baseline" : "")}</h2>""");
            box.Add($"""<ul class="params">""");
            foreach (var parameter in row.Parameters)
            {
                box.Add($"""<li{(parameter.Changed ? new Markup(" class=\"changed\"") : Markup.Empty)}><span>{parameter.Name}</span> {parameter.Value}</li>""");
            }

            box.Add($"</ul>");
            Tiles(box, report, row);
            box.Add(SloMarkup.Table(report, row.Slos));
            if (Words.Scale(report) is { } scale)
            {
                box.Add($"""<p class="muted">Scale: {scale}</p>""");
            }
        }

        box.Add($"</section>\n");
        return box.ToMarkup();
    }

    private static void Tiles(MarkupWriter box, Report report, CandidateRow row)
    {
        var currency = report.Sweep.Currency;
        box.Add($"""<dl class="tiles">""");
        Tile(box, "Cost per hour", Figures.Money(row.CostPerHour, currency), "");
        Tile(box, "Cost per month", Figures.Money(row.CostPerMonth, currency), $"{Figures.Count(report.Sweep.HoursPerMonth)} hours");
        Tile(box, "Per million requests", Figures.Money(row.CostPerMillionRequests, currency), row.CostPerMillionExact ? $"exact, at {Figures.Rate(report.Sweep.Load.OfferedRate)}" : "at the measured throughput");
        var minimized = report.Sweep.Minimized;
        if (minimized is { Currency: null })
        {
            Tile(box, minimized.Label, minimized.Text(row.Objective), "minimized, as measured");
        }

        if (report.Verdict.Saving is { } saving)
        {
            var same = saving.Baseline == report.Verdict.Winner;
            Tile(box, "Against the baseline", same ? "is the baseline" : saving is { PerHour: 0, ObjectiveShare: null } ? "same price" : Change(-(saving.ObjectiveShare ?? saving.Share)), same ? "" : minimized is not null && saving.ObjectiveShare is not null ? $"{minimized.Label}, as measured" : saving.PerMonth == 0 ? "exact, from prices" : $"{Figures.Money(Math.Abs(saving.PerMonth), currency)} a month {(saving.PerMonth > 0 ? "saved" : "more")}, exact");
        }

        box.Add($"</dl>");
    }

    private static string Change(double share) => share > 0 ? $"+{Figures.Percent(share)}" : Figures.Percent(share);

    private static void Tile(MarkupWriter box, string label, string value, string remark) =>
        box.Add($"<div><dt>{label}</dt><dd>{value}<small>{remark}</small></dd></div>");

    private static string Style(VerdictStatus status) => status switch
    {
        VerdictStatus.Verified => "use",
        VerdictStatus.NothingFeasible => "none",
        _ => "doubt",
    };

    private static string Badge(VerdictStatus status) => status switch
    {
        VerdictStatus.Verified => $"✔ {Words.Of(status)}",
        VerdictStatus.NothingFeasible => $"✕ {Words.Of(status)}",
        _ => $"△ {Words.Of(status)}",
    };
}
