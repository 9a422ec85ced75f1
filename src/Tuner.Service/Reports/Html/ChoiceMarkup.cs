namespace Tuner.Service.Reports.Html;

/// <summary>Why this one; what is known where there is none; what would change the answer.</summary>
internal static class ChoiceMarkup
{
    private const int MostRejected = 10;

    public static Markup Render(Report report)
    {
        var section = new MarkupWriter();
        section.Add($"""<section aria-labelledby="why"><h2 id="why">{(report.Verdict.Winner is null ? "What was found" : "Why this one")}</h2>""");
        Counts(section, report);
        Rejected(section, report);
        Infeasible(section, report);
        if (report.Inconclusive is { } open)
        {
            section.Add($"<h3>What it would take</h3><p>{open.Needs}</p>");
        }

        if (!report.Choice.WouldChange.IsEmpty)
        {
            section.Add($"""<h3>What would change this answer</h3><ul class="plain">""");
            foreach (var sentence in report.Choice.WouldChange)
            {
                section.Add($"<li>{sentence}</li>");
            }

            section.Add($"</ul>");
        }

        section.Add($"</section>\n");
        return section.ToMarkup();
    }

    private static void Counts(MarkupWriter section, Report report)
    {
        var choice = report.Choice;
        if (report.Verdict.Winner is null)
        {
            return;
        }

        var same = choice.SamePriceMet == 0 ? "" : $" {Words.Counted(choice.SamePriceMet, "other candidate")} at the same price met every SLO too.";
        section.Add($"""
            <p>{Words.Counted(choice.CheaperTried, "cheaper candidate")} had a trial: {choice.CheaperMissed} missed an SLO, {choice.CheaperFailed} failed, {choice.CheaperUndecided} stayed undecided.{same}</p>
            """);
    }

    private static void Rejected(MarkupWriter section, Report report)
    {
        if (report.Choice.Rejected.IsEmpty)
        {
            return;
        }

        section.Add($"""<div class="scroll" tabindex="0" role="group" aria-label="Candidates not chosen"><table><thead><tr><th scope="col">{(report.Verdict.Winner is null ? "candidate, nearest first" : "cheaper candidate, nearest first")}</th><th scope="col" class="num">per hour</th><th scope="col">standing</th><th scope="col">because</th></tr></thead><tbody>""");
        foreach (var row in report.Choice.Rejected.Take(MostRejected))
        {
            section.Add($"""<tr><td class="key">{row.Key}</td><td class="num">{Figures.Money(row.CostPerHour, report.Sweep.Currency)}</td><td>{SloMarkup.Mark(row.Standing)}</td><td>{row.Reason}</td></tr>""");
        }

        section.Add($"</tbody></table></div>");
    }

    private static void Infeasible(MarkupWriter section, Report report)
    {
        if (report.NothingFeasible is not { } nothing)
        {
            return;
        }

        section.Add($"""<h3>The best that was reached on each SLO alone</h3><div class="scroll"><table><thead><tr><th scope="col">SLO</th><th scope="col" class="num">best measured</th><th scope="col">by</th></tr></thead><tbody>""");
        foreach (var row in nothing.BestPerSlo)
        {
            section.Add($"""<tr><th scope="row">{row.Slo}</th><td class="num">{Figures.Beside(row.Best, row.Limit, row.Unit)}</td><td class="key">{row.Key}</td></tr>""");
        }

        section.Add($"</tbody></table></div>");
        if (nothing.Relaxations.IsEmpty)
        {
            section.Add($"<p>Moving one limit alone would admit nothing that was measured.</p>");
            return;
        }

        section.Add($"""<h3>The smallest change of one limit that would admit a candidate</h3><div class="scroll"><table><thead><tr><th scope="col">if this</th><th scope="col" class="num">were</th><th scope="col">then this would do</th><th scope="col" class="num">per hour</th></tr></thead><tbody>""");
        foreach (var row in nothing.Relaxations)
        {
            section.Add($"""<tr><th scope="row">{row.Slo}</th><td class="num">{Figures.Beside(row.To, row.From, row.Unit)}</td><td class="key">{row.Key}</td><td class="num">{Figures.Money(row.CostPerHour, report.Sweep.Currency)}</td></tr>""");
        }

        section.Add($"</tbody></table></div>");
    }
}
