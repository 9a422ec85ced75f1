using System.Globalization;
using System.Text;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports;

/// <summary>The report as a comment on a pull request: short, and no table wider than six columns.</summary>
public static class ReportMarkdown
{
    private const int MostRejected = 5;
    private const int MostLost = 5;

    public static string Write(Report report)
    {
        var text = new StringBuilder();
        Line(text, $"## {Plain(report.Sweep.Name)}: {Plain(report.Verdict.Headline)}");
        Line(text);
        if (report.Verdict.Because is { } because)
        {
            Line(text, Plain(because));
            Line(text);
        }

        Line(text, $"> {Plain(report.Verdict.Advice)}");
        Line(text);
        foreach (var caveat in report.Verdict.Caveats)
        {
            Line(text, $"- **Note:** {Plain(caveat)}");
        }

        if (!report.Verdict.Caveats.IsEmpty)
        {
            Line(text);
        }

        Objectives(text, report);
        Compare(text, report);
        Why(text, report);
        Infeasible(text, report);
        Deploy(text, report);
        Evidence(text, report);
        return text.ToString();
    }

    private static void Objectives(StringBuilder text, Report report)
    {
        if (report.Verdict.Slos.IsEmpty)
        {
            return;
        }

        Line(text, $"**{(report.Verdict.Winner is null ? "Nearest" : "Winner")}:** {Code(report.Verdict.Shown ?? "")}");
        Line(text);
        Line(text, $"| SLO | Measured | {Words.BoundName(report)} | Margin | Verdict |");
        Line(text, "|---|---:|---:|---:|---|");
        foreach (var slo in report.Verdict.Slos)
        {
            var measured = Figures.Beside(slo.Estimate, slo.Limit, slo.Unit);
            var bound = slo.DecidingText;
            Line(text, $"| {Plain(slo.Slo)} | {measured} | {bound} | {Figures.Margin(slo.Margin)} | {Words.Of(slo.Verdict)}{(slo.Binding ? ", **binding**" : "")} |");
        }

        Line(text);
    }

    private static void Compare(StringBuilder text, Report report)
    {
        if (report.Compared.IsEmpty)
        {
            return;
        }

        var currency = report.Sweep.Currency;
        var minimized = report.Sweep.Minimized;
        Line(text, $"| Candidate | Role | {(minimized is null ? "Cost/h" : Plain(minimized.Label))} | p99 | Errors | Standing |");
        Line(text, "|---|---|---:|---:|---:|---|");
        foreach (var item in report.Compared)
        {
            var row = report.Find(item.Key)!;
            Line(text, $"| {Code(row.Key)} | {Words.Of(item.Roles)} | {minimized?.Text(row.Objective) ?? Figures.Money(row.CostPerHour, currency)} | {Figures.Latency(row.Latency?.P99)} | {Figures.Share(row.ErrorRate)} | {Words.Of(row.Standing)} |");
        }

        Line(text);
        if (report.Find(report.Verdict.Winner) is { } winner)
        {
            var million = winner.CostPerMillionRequests is { } cost
                ? $", {Figures.Money(cost, currency)} per million requests at {(winner.CostPerMillionExact ? $"the offered {Figures.Rate(report.Sweep.Load.OfferedRate)}" : "the measured throughput")}"
                : "";
            Line(text, $"Cost of the winner: {Figures.Money(winner.CostPerHour, currency)} per hour, {Figures.Money(winner.CostPerMonth, currency)} per month{million}{(minimized is { Currency: null } && winner.Objective is { } value ? $", {Plain(minimized.Words(value))}" : "")}.");
            if (Words.Saving(report) is { Length: > 0 } saving)
            {
                Line(text, $"Saving: {saving}.");
            }

            Line(text);
        }
    }

    private static void Why(StringBuilder text, Report report)
    {
        var choice = report.Choice;
        if (choice.Rejected.IsEmpty && choice.WouldChange.IsEmpty)
        {
            return;
        }

        if (!choice.Rejected.IsEmpty)
        {
            Line(text, report.Verdict.Winner is null ? "**What was tried, nearest first**" : "**Cheaper ones that were not chosen, nearest first**");
            Line(text);
            foreach (var row in choice.Rejected.Take(MostRejected))
            {
                Line(text, $"- {Code(row.Key)} at {Words.Cost(report.Sweep, row.CostPerHour, row.Objective)}: {Plain(row.Reason)}");
            }

            Line(text);
        }

        if (!choice.Importance.Parameters.IsEmpty)
        {
            Line(text, $"- What matters: {string.Join(", ", choice.Importance.Parameters.Where(row => row.Share > 0).Take(MostRejected).Select(row => $"{Plain(row.Parameter)} {Words.Importance(row.Share)}"))}");
        }

        foreach (var (who, pick) in Words.OtherPicks(report))
        {
            Line(text, $"- If you care {who}: {Code(pick.Key)}, {Words.Of(pick, report.Sweep)}");
        }

        if (choice.TieBreak is { } tie)
        {
            Line(text, $"- {Plain(tie)}");
        }

        if (report.Charts.Envelope is { } envelope)
        {
            Line(text, $"- {Plain(Words.Envelope(envelope))}");
        }

        foreach (var sentence in choice.WouldChange)
        {
            Line(text, $"- {Plain(sentence)}");
        }

        if (!choice.WouldChange.IsEmpty || !choice.Importance.Parameters.IsEmpty)
        {
            Line(text);
        }

    }

    private static void Infeasible(StringBuilder text, Report report)
    {
        if (report.Inconclusive is { } open)
        {
            Line(text, $"**What it would take:** {Plain(open.Needs)}");
            Line(text);
        }

        if (report.NothingFeasible is not { } nothing)
        {
            return;
        }

        foreach (var row in nothing.Loads)
        {
            Line(text, $"- Phase {Plain(row.Phase)} ({Words.Offered(row.RatePerSecond)}) alone: {row.Met} of {row.Measured} measured candidates meet every SLO{(row.Key is { } key ? $", the cheapest {Code(key)} at {Figures.Money(row.CostPerHour, report.Sweep.Currency)}/h" : "")}");
        }

        foreach (var sentence in nothing.NotTried)
        {
            Line(text, $"- Not tried: {Plain(sentence)}");
        }

        Line(text);
        if (nothing.Relaxations.IsEmpty)
        {
            return;
        }

        Line(text, $"| If this limit | were | then | at, {Plain(Words.CostTitle(report.Sweep))} |");
        Line(text, "|---|---:|---|---:|");
        foreach (var row in nothing.Relaxations)
        {
            Line(text, $"| {Plain(row.Slo)} | {Figures.Relaxed(row.To, row.From, row.Unit)} | {Code(row.Key)} | {Words.CostCell(report.Sweep, row.CostPerHour, row.Objective)} |");
        }

        Line(text);
    }

    private static void Deploy(StringBuilder text, Report report)
    {
        if (report.Deploy is not { } deploy)
        {
            return;
        }

        Line(text, "<details><summary>Deploy it</summary>");
        Line(text);
        Line(text, $"Replicas: {deploy.Replicas}{(deploy.InstanceType is { } instance ? $", instance type {Plain(instance)}" : "")}");
        Line(text);
        Fenced(text, "sh", deploy.CommandLine);
        Fenced(text, "sh", deploy.EnvFile);
        if (deploy.RollbackEnvFile is not null)
        {
            Line(text, "To go back to the baseline:");
            Line(text);
            Fenced(text, "sh", deploy.RollbackCommandLine);
            Fenced(text, "sh", deploy.RollbackEnvFile);
        }

        Line(text, "</details>");
        Line(text);
    }

    private static void Evidence(StringBuilder text, Report report)
    {
        var evidence = report.Evidence;
        Line(text, "<details><summary>Evidence</summary>");
        Line(text);
        Line(text, $"- {Words.Coverage(evidence)}; {Plain(Words.Stopped(evidence).TrimEnd('.'))}");
        Line(text, $"- {Figures.Count(evidence.Requests)} requests in valid measurements; {(evidence.OpenModel ? "open" : "closed")} model, engine {Plain(Listed(evidence.Engines))}; warm-up of {Figures.Duration(evidence.WarmupSeconds)} excluded, then {Figures.Duration(evidence.TrialSeconds)} a trial");
        Line(text, $"- generator: lag p99 {Figures.Latency(evidence.LagP99Seconds)}, {Figures.Cores(evidence.GeneratorCpuCores)}, protection: {Plain(Listed(evidence.Protection))}; enforcement: {Plain(Listed(evidence.Enforcement))}");
        foreach (var excluded in evidence.Excluded)
        {
            Line(text, $"- {Words.Counted(excluded.Count, "candidate")} excluded: {Plain(excluded.Reason)}");
        }

        foreach (var lost in evidence.Lost.Take(MostLost))
        {
            Line(text, $"- trial {lost.Number} {Words.State(lost.State)}: {Plain(lost.Reason)}");
        }

        if (evidence.Lost.Length > MostLost)
        {
            Line(text, $"- and {evidence.Lost.Length - MostLost} more lost trials");
        }

        if (evidence.Environment is { } environment)
        {
            Line(text, $"- {Plain(environment.Text)}");
        }

        Line(text, $"- spent: {Words.Spent(report)}{(Words.EndedEarly(report) is { } saved ? $"; {saved}" : "")}");
        Line(text, $"- seed {report.Sweep.Seed}, strategy {Plain(report.Sweep.Strategy)}, definition {Code(Short(report.Sweep.Fingerprint))}, tuner {Plain(evidence.Versions.Tuner)}, {Figures.Time(evidence.StartedAt)} to {Figures.Time(evidence.EndedAt)}");
        Line(text);
        Line(text, "</details>");
    }

    private static string Listed(IEnumerable<string> items) => string.Join(", ", items) is { Length: > 0 } text ? text : "unknown";

    private static string Short(string fingerprint) => fingerprint.Length <= 12 ? fingerprint : fingerprint[..12];

    private static void Fenced(StringBuilder text, string language, string? content)
    {
        if (content is null)
        {
            return;
        }

        var fence = "```";
        while (content.Contains(fence, StringComparison.Ordinal))
        {
            fence += "`";
        }

        Line(text, $"{fence}{language}");
        Line(text, content.TrimEnd('\n'));
        Line(text, fence);
        Line(text);
    }

    private static string Plain(string text) => MarkdownText.Plain(text);

    private static string Code(string text) => MarkdownText.Code(text);

    private static void Line(StringBuilder text, string line = "") => text.Append(CultureInfo.InvariantCulture, $"{line}\n");
}
