using Spectre.Console;
using Tuner.Service.Reports;
using Tuner.Service.Tests.Reports;

namespace Tuner.Cli.Tests;

public sealed class VerdictBoxTests
{
    private static readonly VerdictFiles Files = new(".tuner/reports/digits-7k2m/report.html", ".tuner/reports/digits-7k2m/report.md", ".tuner/reports/digits-7k2m/report.json");

    [Fact]
    public void Tells_a_verified_winner_in_plain_lines()
    {
        var text = VerdictBox.Text(ReportBuilder.Build(ReportFixture.Verified()), Files);

        Assert.StartsWith("digits: Use this configuration (verified)\n", text, StringComparison.Ordinal);
        Assert.Contains("Winner   replicas=1 workers=2 batchSize=8 instanceType=sample-one\n", text, StringComparison.Ordinal);
        Assert.Contains("Saving   50 % against the baseline", text, StringComparison.Ordinal);
        Assert.Matches("p99 latency <= 100ms +[0-9.]+ ms +[0-9.]+ ms +[0-9]+ %  met \\(binding\\)\n", text);
        Assert.Contains("Report   .tuner/reports/digits-7k2m/report.html\n", text, StringComparison.Ordinal);
        Assert.EndsWith("Again    tuner run sweeps/digits.yaml --new\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Draws_the_search_and_the_latencies_in_a_few_lines()
    {
        var report = ReportBuilder.Build(ReportFixture.Verified());

        Assert.Matches("^█+▅▄+  0\\.0850 to 0\\.0425 USD/h, trial 6 of 25$", VerdictPlots.Search(report)!);
        var bars = VerdictPlots.Latency(report).ToList();
        Assert.Equal(["p50", "p95", "p99"], bars.Select(bar => bar[..3]));
        Assert.Equal(bars.Select(bar => bar.Count(character => character == '━')).Order(), bars.Select(bar => bar.Count(character => character == '━')));
        Assert.All(bars, bar => Assert.Single(bar[..38], character => character == '┆'));
        Assert.EndsWith("(┆ 100 ms)", bars[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Says_how_far_a_winner_scales_where_that_was_measured()
    {
        Assert.Matches("\nScale    The SLOs hold .+\n         ", VerdictBox.Text(ReportBuilder.Build(ReportFixture.WithEnvelope()), Files));
        Assert.DoesNotContain("\nScale ", VerdictBox.Text(ReportBuilder.Build(ReportFixture.Verified()), Files), StringComparison.Ordinal);
    }

    [Fact]
    public void Draws_nothing_where_nothing_was_found() => Assert.Null(VerdictPlots.Search(ReportBuilder.Build(ReportFixture.NothingFeasible())));

    [Fact]
    public void Says_what_relaxation_would_admit_a_candidate()
    {
        var text = VerdictBox.Text(ReportBuilder.Build(ReportFixture.NothingFeasible()), Files);

        Assert.StartsWith("digits: Nothing feasible", text, StringComparison.Ordinal);
        Assert.Contains("would admit replicas=1", text, StringComparison.Ordinal);
        Assert.Contains("MISSED (binding)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Offers_a_new_sweep_when_the_budget_ended()
    {
        var text = VerdictBox.Text(ReportBuilder.Build(ReportFixture.BudgetExhausted()), Files);

        Assert.EndsWith("Again    tuner run sweeps/digits.yaml --new\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Fits_eighty_columns_with_and_without_a_terminal(bool terminal)
    {
        var written = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new Output(written, terminal) });

        VerdictBox.Write(console, ReportBuilder.Build(ReportFixture.Verified()), Files);

        var text = written.ToString();
        Assert.Equal(terminal, text.Contains('╭', StringComparison.Ordinal));
        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public void Shows_markup_in_values_as_it_is()
    {
        var report = ReportBuilder.Build(ReportFixture.Verified());
        report = report with { Verdict = report.Verdict with { Advice = "[red]look[/] at [[this" } };
        var written = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new Output(written, terminal: true) });

        VerdictBox.Write(console, report, Files);

        Assert.Contains("[red]look[/] at [[this", written.ToString(), StringComparison.Ordinal);
    }

    private sealed class Output(TextWriter writer, bool terminal) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => terminal;

        public int Width => 80;

        public int Height => 50;

        public void SetEncoding(System.Text.Encoding encoding)
        {
        }
    }
}
