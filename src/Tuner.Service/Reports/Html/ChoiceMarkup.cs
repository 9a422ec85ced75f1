using Tuner.Service.Reports.Sections;

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
        Importance(section, report);
        if (report.Charts.Envelope is { } envelope)
        {
            section.Add($"<p>{Words.Envelope(envelope)}</p>");
        }

        Picks(section, report);
        Neighbours(section, report);
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
            <p>{Words.Counted(choice.CheaperTried, "cheaper candidate")} had a trial: {choice.CheaperMissed} missed an SLO, {choice.CheaperFailed} failed, {choice.CheaperUndecided} stayed undecided.{(choice.TieBreak is null ? same : "")}{(choice.TieBreak is { } tie ? $" {tie}" : "")}</p>
            """);
    }

    private static void Importance(MarkupWriter section, Report report)
    {
        if (!report.Choice.Importance.Parameters.IsEmpty)
        {
            section.Add($"<p>What matters: {string.Join(", ", report.Choice.Importance.Parameters.Where(row => row.Share > 0).Select(row => $"{row.Parameter} {Words.Importance(row.Share)}"))}. {Words.Of(report.Choice.Importance.Source)}</p>");
        }
    }

    private static void Picks(MarkupWriter section, Report report)
    {
        var picks = Words.OtherPicks(report).ToList();
        if (picks.Count == 0)
        {
            return;
        }

        section.Add($"""<h3>Who wants something else</h3><div class="scroll" tabindex="0" role="group" aria-label="What other users would pick"><table><thead><tr><th scope="col">if you care</th><th scope="col">you would pick</th><th scope="col" class="num">{Words.CostTitle(report.Sweep)}</th><th scope="col" class="num">latency</th><th scope="col" class="num">served</th></tr></thead><tbody>""");
        foreach (var (who, pick) in picks)
        {
            section.Add($"""<tr><th scope="row">{who}</th><td class="key">{pick.Key}</td><td class="num">{Words.CostCell(report.Sweep, pick.CostPerHour, pick.Objective)}</td><td class="num">{Figures.Latency(pick.LatencySeconds)}</td><td class="num">{Figures.Rate(pick.ThroughputPerSecond)}</td></tr>""");
        }

        section.Add($"""</tbody></table></div><p class="muted">Each meets every SLO. {Words.Counted(report.Choice.TradeOffs!.Front.Length, "measured candidate")} cannot be beaten in cost, latency and throughput at once.</p>""");
    }

    private static void Neighbours(MarkupWriter section, Report report)
    {
        if (report.Choice.Neighbours.IsEmpty)
        {
            return;
        }

        section.Add($"""<h3>One change away from the winner</h3><div class="scroll" tabindex="0" role="group" aria-label="One change away from the winner"><table><thead><tr><th scope="col">change</th><th scope="col" class="num">{report.Sweep.Minimized?.Label ?? "cost"}</th><th scope="col" class="num">{report.Charts.CostLatency.Metric.Label}</th><th scope="col" class="num">that is</th><th scope="col">standing</th></tr></thead><tbody>""");
        foreach (var row in report.Choice.Neighbours)
        {
            section.Add($"""<tr><th scope="row">{row.Parameter} {row.From} → {row.To}{(row.OneStep ? "" : " (more than one step)")}</th><td class="num">{Figures.Change(report.Sweep.Minimized is null ? row.CostShare : row.ObjectiveShare)}</td><td class="num">{Figures.Latency(row.LatencySeconds)}</td><td class="num">{Figures.Change(row.LatencyShare)}</td><td>{SloMarkup.Mark(row.Standing)}</td></tr>""");
        }

        section.Add($"</tbody></table></div>");
    }

    private static void Rejected(MarkupWriter section, Report report)
    {
        if (report.Choice.Rejected.IsEmpty)
        {
            return;
        }

        section.Add($"""<div class="scroll" tabindex="0" role="group" aria-label="Candidates not chosen"><table><thead><tr><th scope="col">{(report.Verdict.Winner is null ? "candidate, nearest first" : "cheaper candidate, nearest first")}</th><th scope="col" class="num">{Words.CostTitle(report.Sweep)}</th><th scope="col">standing</th><th scope="col" class="because">because</th></tr></thead><tbody>""");
        foreach (var row in report.Choice.Rejected.Take(MostRejected))
        {
            section.Add($"""<tr><td class="key">{row.Key}</td><td class="num">{Words.CostCell(report.Sweep, row.CostPerHour, row.Objective)}</td><td>{SloMarkup.Mark(row.Standing)}</td><td>{row.Reason}</td></tr>""");
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
        Loads(section, report, nothing);
        if (nothing.Relaxations.IsEmpty)
        {
            section.Add($"<p>Moving one limit alone would admit nothing that was measured.</p>");
            return;
        }

        section.Add($"""<h3>The smallest change of one limit that would admit a candidate</h3><div class="scroll"><table><thead><tr><th scope="col">if this</th><th scope="col" class="num">were</th><th scope="col">then this would do</th><th scope="col" class="num">{Words.CostTitle(report.Sweep)}</th></tr></thead><tbody>""");
        foreach (var row in nothing.Relaxations)
        {
            section.Add($"""<tr><th scope="row">{row.Slo}</th><td class="num">{Figures.Relaxed(row.To, row.From, row.Unit)}</td><td class="key">{row.Key}</td><td class="num">{Words.CostCell(report.Sweep, row.CostPerHour, row.Objective)}</td></tr>""");
        }

        section.Add($"</tbody></table></div>");
    }

    private static void Loads(MarkupWriter section, Report report, InfeasibleSection nothing)
    {
        section.Add($"""<h3>At which load the SLOs could be met</h3><div class="scroll"><table><thead><tr><th scope="col">phase alone</th><th scope="col" class="num">offered</th><th scope="col" class="num">met by</th><th scope="col">cheapest of them</th><th scope="col" class="num">per hour</th></tr></thead><tbody>""");
        foreach (var row in nothing.Loads)
        {
            section.Add($"""<tr><th scope="row">{row.Phase}</th><td class="num">{Words.Offered(row.RatePerSecond)}</td><td class="num">{row.Met} of {row.Measured}</td><td class="key">{row.Key ?? Figures.None}</td><td class="num">{Figures.Money(row.CostPerHour, report.Sweep.Currency)}</td></tr>""");
        }

        section.Add($"""</tbody></table></div><p class="muted">Only measured rates are told; a phase with a lower rate, or tuner load --find-capacity, tells more.</p>""");
        if (!nothing.NotTried.IsEmpty)
        {
            section.Add($"""<h3>What was not tried</h3><ul class="plain">""");
            foreach (var sentence in nothing.NotTried)
            {
                section.Add($"<li>{sentence}</li>");
            }

            section.Add($"</ul>");
        }
    }
}
