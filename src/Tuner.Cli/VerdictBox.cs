using Spectre.Console;
using Tuner.Service.Reports;
using Tuner.Service.Reports.Sections;

namespace Tuner.Cli;

/// <summary>
/// What <c>tuner run</c> ends with: the answer on one screen of 80 columns. A box with colours on a terminal, the same
/// lines without either where the output is none. Every statement is in words; colour only repeats it.
/// </summary>
public static class VerdictBox
{
    private const int Width = 80;
    private const int Inner = Width - 4;
    private const int LabelWidth = 9;

    public static void Write(IAnsiConsole console, Report report, VerdictFiles files)
    {
        if (!console.Profile.Out.IsTerminal)
        {
            console.Profile.Out.Writer.Write(Text(report, files));
            return;
        }

        var body = string.Join('\n', Body(report).Select(line => line.Markup));
        var border = Color(report.Verdict.Status);
        console.Write(new Panel(new Markup(body))
        {
            Header = new PanelHeader($"[bold {border}] {Markup.Escape(WrappedText.Cut(Title(report), Inner - 2))} [/]"),
            Border = BoxBorder.Rounded,
            BorderStyle = Style.Parse(border),
            Width = Width,
        });
        foreach (var line in After(report, files))
        {
            console.MarkupLine(line.Markup);
        }
    }

    /// <summary>The box as plain lines.</summary>
    public static string Text(Report report, VerdictFiles files)
    {
        var lines = new[] { new Line(Title(report)), new Line(new string('-', Math.Min(Width, Title(report).Length))) }
            .Concat(Body(report))
            .Append(new Line(""))
            .Concat(After(report, files));
        return string.Join('\n', lines.Select(line => line.Plain.TrimEnd())) + "\n";
    }

    private static string Title(Report report) => $"{report.Sweep.Name}: {report.Verdict.Headline}";

    private static IEnumerable<Line> Body(Report report)
    {
        var verdict = report.Verdict;
        if (verdict.Because is { } because)
        {
            foreach (var line in Labelled("Reason", because, ""))
            {
                yield return line;
            }
        }

        var row = report.Find(verdict.Shown);
        if (row is not null)
        {
            foreach (var line in Labelled(verdict.Winner is null ? "Nearest" : "Winner", row.Key, "bold"))
            {
                yield return line;
            }

            foreach (var line in Cost(report, row).Concat(Objectives(report)))
            {
                yield return line;
            }
        }

        foreach (var line in Plots(report).Concat(Relaxations(report)))
        {
            yield return line;
        }

        foreach (var line in Words.Scale(report) is { } scale ? Labelled("Scale", scale, "") : [])
        {
            yield return line;
        }

        foreach (var line in Words.OtherPicks(report).SelectMany(other => Labelled("Else", $"if you care {other.Who}: {other.Pick.Key}, {Words.Of(other.Pick, report.Sweep)}", "")))
        {
            yield return line;
        }

        yield return new Line("");
        foreach (var line in WrappedText.Lines(verdict.Advice, Inner))
        {
            yield return new Line(line, "bold");
        }

        foreach (var caveat in verdict.Caveats.SelectMany(caveat => Labelled("Note", caveat, "yellow")))
        {
            yield return caveat;
        }
    }

    private static IEnumerable<Line> Cost(Report report, CandidateRow row)
    {
        var currency = report.Sweep.Currency;
        var million = row.CostPerMillionRequests is { } cost
            ? $"; {Figures.Money(cost, currency)} per million requests at {(row.CostPerMillionExact ? Figures.Rate(report.Sweep.Load.OfferedRate) : "the measured throughput")}"
            : "";
        foreach (var line in Labelled("Cost", $"{Figures.Money(row.CostPerHour, currency)} per hour, {Figures.Money(row.CostPerMonth, currency)} per month{million}", ""))
        {
            yield return line;
        }

        if (report.Sweep.Minimized is { Currency: null } minimized && row.Objective is { } value)
        {
            yield return new Line($"{"Goal",-LabelWidth}{minimized.Words(value)}");
        }

        if (Words.Saving(report) is { Length: > 0 } saving)
        {
            foreach (var line in Labelled("Saving", saving, report.Verdict.Saving is { PerHour: > 0 } ? "green" : ""))
            {
                yield return line;
            }
        }
    }

    private static IEnumerable<Line> Objectives(Report report)
    {
        var slos = report.Verdict.Slos;
        if (slos.IsEmpty)
        {
            yield break;
        }

        var width = Math.Clamp(slos.Max(slo => slo.Slo.Length), 3, 30);
        yield return new Line("");
        yield return new Line($"{"SLO".PadRight(width)}  {"measured",10}  {Words.BoundName(report),10}  {"margin",6}", "dim");
        foreach (var slo in slos)
        {
            var style = slo.Verdict switch
            {
                Core.Slos.SloVerdict.Met => "green",
                Core.Slos.SloVerdict.Missed => "red",
                _ => "yellow",
            };
            var name = WrappedText.Cut(slo.Slo, width).PadRight(width);
            var measured = Figures.Beside(slo.Estimate, slo.Limit, slo.Unit);
            var bound = slo.DecidingText;
            yield return new Line($"{name}  {measured,10}  {bound,10}  {Figures.Margin(slo.Margin),6}  {Words.Of(slo.Verdict)}{(slo.Binding ? " (binding)" : "")}", style);
        }
    }

    private static IEnumerable<Line> Plots(Report report)
    {
        var lines = VerdictPlots.Latency(report).Select((text, index) => new Line($"{(index == 0 ? "Latency" : ""),-LabelWidth}{text}")).ToList();
        if (VerdictPlots.Search(report) is { } search)
        {
            lines.Add(new Line($"{"Search",-LabelWidth}{search}"));
        }

        return lines.Count == 0 ? [] : lines.Prepend(new Line(""));
    }

    private static IEnumerable<Line> Relaxations(Report report)
    {
        if (report.NothingFeasible is not { } nothing)
        {
            yield break;
        }

        yield return new Line("");
        foreach (var row in nothing.Relaxations)
        {
            var sentence = $"relaxing '{row.Slo}' to {Figures.Relaxed(row.To, row.From, row.Unit)} would admit {row.Key} for {Words.Cost(report.Sweep, row.CostPerHour, row.Objective)}";
            foreach (var line in Labelled("Or", sentence, ""))
            {
                yield return line;
            }
        }

        foreach (var line in nothing.Loads.SelectMany(row => Labelled("Load", Words.LoadMet(row, report.Sweep.Currency), "")))
        {
            yield return line;
        }
    }

    private static IEnumerable<Line> After(Report report, VerdictFiles files)
    {
        yield return new Line($"{"Tried",-LabelWidth}{Words.Coverage(report.Evidence)}", "dim");
        foreach (var line in WrappedText.Lines(Words.EndedEarly(report) is { } saved ? $"{Words.Spent(report)}; {saved}" : Words.Spent(report), Width - LabelWidth).Select((text, index) => new Line($"{(index == 0 ? "Spent" : ""),-LabelWidth}{text}", "dim")))
        {
            yield return line;
        }

        // Paths and commands are not wrapped: they are there to be copied.
        foreach (var path in new[] { files.Html, files.Markdown, files.Json }.OfType<string>().Select((path, index) => (path, index)))
        {
            yield return new Line($"{(path.index == 0 ? "Report" : ""),-LabelWidth}{path.path}");
        }

        if (Words.Command(report) is { } command)
        {
            yield return new Line($"{(command.Contains("--resume", StringComparison.Ordinal) ? "Go on" : "Again"),-LabelWidth}{command}");
        }
    }

    private static IEnumerable<Line> Labelled(string label, string text, string style) =>
        WrappedText.Lines(text, Inner - LabelWidth).Select((line, index) => new Line($"{(index == 0 ? label : ""),-LabelWidth}{line}", style));

    private static string Color(VerdictStatus status) => status switch
    {
        VerdictStatus.Verified => "green",
        VerdictStatus.NothingFeasible => "red",
        _ => "yellow",
    };

    private sealed record Line(string Plain, string Style = "")
    {
        public string Markup => Style.Length == 0 ? Spectre.Console.Markup.Escape(Plain) : $"[{Style}]{Spectre.Console.Markup.Escape(Plain)}[/]";
    }
}

/// <summary>Where the faces of the report were written; null where one was not.</summary>
public sealed record VerdictFiles(string? Html, string? Markdown, string? Json);
