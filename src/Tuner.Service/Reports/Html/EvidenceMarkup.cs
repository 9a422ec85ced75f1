using System.Collections.Immutable;
using Tuner.Core.Loads;
using Tuner.Core.Slos;

namespace Tuner.Service.Reports.Html;

/// <summary>What the numbers rest on, what speaks against them, and what the sweep cost.</summary>
internal static class EvidenceMarkup
{
    public static Markup Render(Report report)
    {
        var section = new MarkupWriter();
        section.Add($"""<section aria-labelledby="evidence"><h2 id="evidence">Evidence and honesty</h2>""");
        section.Add($"""<h3>How it was measured</h3><dl class="facts">""");
        Measuring(section, report);
        section.Add($"""</dl><h3>What disturbed it</h3><dl class="facts">""");
        Disturbances(section, report);
        section.Add($"</dl>");
        Intervals(section, report);
        Lists(section, report);
        section.Add($"""<h3>How it was searched, and what that took</h3><dl class="facts">""");
        Search(section, report);
        section.Add($"</dl></section>\n");
        return section.ToMarkup();
    }

    private static void Measuring(MarkupWriter section, Report report)
    {
        var evidence = report.Evidence;
        var load = report.Sweep.Load;
        Fact(section, "Load", $"{load.Request}, {load.Arrival.ToString().ToLowerInvariant()} arrivals{(load.Arrival is Arrival.Closed ? " (closed model: latency does not count waiting users)" : " (open model: latency counts from the intended send time)")}");
        Fact(section, "Phases", string.Join("; ", load.Phases.Select(phase => $"{phase.Name}: {(phase.RatePerSecond is { } rate ? Words.Offered(rate) : $"{phase.Users} users")} for {Figures.Duration(phase.DurationSeconds)}")));
        Fact(section, "Warm-up", $"{Figures.Duration(evidence.WarmupSeconds)}, excluded");
        Fact(section, "Requests", $"{Figures.Count(evidence.Requests)} in valid measurements, {Figures.Count(report.Find(report.Verdict.Shown)?.Requests ?? 0)} of them for the candidate above in {Words.Counted(evidence.ShownRepeats, "measurement")}");
        Fact(section, "Confidence", $"{Figures.Limit(evidence.Confidence, "share")}, one-sided, for each verdict");
        Fact(section, "Intervals", evidence.IntervalMethod);
        Fact(section, "Percentiles", $"printed from {Figures.Count(evidence.MinRequests)} requests on");
        Fact(section, "Generator", $"{Listed(evidence.Engines)}, {Figures.Cores(evidence.GeneratorCpuCores)} at most, shielded by: {Listed(evidence.Protection)}");
        Fact(section, "Instance size", $"enforced by: {Listed(evidence.Enforcement)}");
        Fact(section, "Machine", $"{evidence.Machine.Cpu ?? "unknown CPU"}, {evidence.Machine.Cores} cores, {Figures.Bytes(evidence.Machine.MemoryBytes)}, {evidence.Versions.OperatingSystem}, fingerprint {evidence.Machine.Fingerprint ?? "unknown"}");
    }

    private static void Disturbances(MarkupWriter section, Report report)
    {
        var evidence = report.Evidence;
        Fact(section, "Generator's lag", $"p99 {Figures.Latency(evidence.LagP99Seconds)} in the worst valid measurement");
        Fact(section, "CPU waited for", $"{Figures.Share(evidence.Noise.CpuPressure, 2)} of the time at most");
        Fact(section, "Stolen CPU", $"{Figures.Share(evidence.Noise.Steal, 2)} at most");
        Fact(section, "Machine's speed", evidence.Noise.SpinDrift is { } drift ? $"a fixed piece of work took {(drift > 1 ? $"{Figures.Significant(1 + drift, 2)} times as long" : $"{Figures.Percent(drift)} more or less time")} after a measurement than before it, at most" : "unknown");
        Fact(section, "Throttled", evidence.ThrottledSeconds is { } throttled ? $"{Figures.Duration(throttled)} over all valid measurements" : "nothing was enforced");
        Fact(section, "Baseline's drift", evidence.BaselineDrift is { } row
            ? $"{row.Metric} {Figures.Latency(row.FirstSeconds)} in its first and {Figures.Latency(row.LastSeconds)} in its last measurement ({(row.Share > 0 ? "+" : "")}{Figures.Percent(row.Share)})"
            : "not known: the baseline was measured less than twice");
        if (evidence.Environment is { } environment)
        {
            Fact(section, "Environment", $"{environment.Text} The ratio lies between {Figures.Significant(environment.Lower, 3)} and {Figures.Significant(environment.Upper, 3)} (95 %).");
        }
    }

    private static void Intervals(MarkupWriter section, Report report)
    {
        if (report.Verdict.Slos.IsEmpty)
        {
            return;
        }

        section.Add($"""<h3>How each verdict came about</h3><ul class="plain">""");
        foreach (var slo in report.Verdict.Slos)
        {
            var independent = slo.EffectiveRequests is { } effective ? $", worth {Figures.Count((long)Math.Round(effective))} independent ones" : "";
            section.Add($"<li><strong>{slo.Slo}</strong>: {slo.Reason}{(slo.Verdict is SloVerdict.Unknown && slo.Lower is not null ? $"; {slo.IntervalText}" : "")}; from {Figures.Count(slo.Requests)} requests{independent}, {Words.Counted(slo.Repeats, "run")}{Noise("within a run", slo.WithinDeviation)}{Noise("between runs", slo.BetweenDeviation)}</li>");
        }

        section.Add($"</ul>");
    }

    private static string Noise(string where, double? deviation) => deviation is { } value ? $", {where} ±{Figures.Percent(value)}" : "";

    private static void Lists(MarkupWriter section, Report report)
    {
        var evidence = report.Evidence;
        Items(section, "Trials that teach nothing", evidence.Lost.Select(row => $"trial {row.Number} {Words.State(row.State)}: {row.Reason}"));
        Items(section, "Candidates that were never measured", evidence.Excluded.Select(row => $"{Words.Counted(row.Count, "candidate")}: {row.Reason}"));
        Items(section, "Remarks on measurements", evidence.Notes.Select(row => $"{row.Text} ({Words.Counted(row.Measurements, "measurement")})"));
    }

    private static void Items(MarkupWriter section, string title, IEnumerable<string> items)
    {
        var list = items.ToImmutableArray();
        if (list.IsEmpty)
        {
            return;
        }

        section.Add($"""<h3>{title}</h3><ul class="plain">""");
        foreach (var item in list)
        {
            section.Add($"<li>{item}</li>");
        }

        section.Add($"</ul>");
    }

    private static void Search(MarkupWriter section, Report report)
    {
        var evidence = report.Evidence;
        var spend = report.Spend;
        Fact(section, "Tried", Words.Coverage(evidence));
        Fact(section, "Stopped", evidence.Stop?.Text ?? "not yet");
        Fact(section, "Search", $"{report.Sweep.Strategy}, seed {report.Sweep.Seed}");
        Fact(section, "Definition", $"{report.Sweep.DefinitionPath ?? "not from a file"}, fingerprint {report.Sweep.Fingerprint}");
        Fact(section, "Time", $"{Figures.Time(evidence.StartedAt)} to {Figures.Time(evidence.EndedAt)}, {Figures.Duration(spend.WallSeconds)}{(spend.WallBudgetSeconds is { } wall ? $" of {Figures.Duration(wall)}" : "")}");
        Fact(section, "Trials", $"{Figures.Count(spend.Trials)}{(spend.TrialBudget is { } budget ? $" of {Figures.Count(budget)}" : "")}");
        Fact(section, "Under load", $"{Figures.Duration(spend.LoadSeconds)}, candidates deployed for {Figures.Duration(spend.DeployedSeconds)}");
        Fact(section, "Money", Words.Money(report));
        if (Words.PaysBack(report) is { } paysBack)
        {
            Fact(section, "Pays back", paysBack);
        }

        Fact(section, "Ended early", Words.EndedEarly(report) ?? "no trial");
        Fact(section, "Versions", $"tuner {evidence.Versions.Tuner}, {evidence.Versions.Runtime}");
    }

    private static void Fact(MarkupWriter section, string name, string value) => section.Add($"<div><dt>{name}</dt><dd>{value}</dd></div>");

    private static string Listed(ImmutableArray<string> items) => items.IsEmpty ? "unknown" : string.Join(", ", items);
}
