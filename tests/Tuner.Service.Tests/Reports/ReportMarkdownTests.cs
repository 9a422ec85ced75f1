using Tuner.Service.Reports;

namespace Tuner.Service.Tests.Reports;

public sealed class ReportMarkdownTests
{
    [Fact]
    public void Writes_a_verified_recommendation() => Snapshot.Match(ReportMarkdown.Write(ReportBuilder.Build(ReportFixture.Verified())), "verified.md");

    [Fact]
    public void Writes_that_nothing_is_feasible() => Snapshot.Match(ReportMarkdown.Write(ReportBuilder.Build(ReportFixture.NothingFeasible())), "nothing-feasible.md");

    [Fact]
    public void Writes_that_the_budget_ended() => Snapshot.Match(ReportMarkdown.Write(ReportBuilder.Build(ReportFixture.BudgetExhausted())), "budget-exhausted.md");

    [Fact]
    public void Has_no_table_wider_than_six_columns()
    {
        var lines = ReportMarkdown.Write(ReportBuilder.Build(ReportFixture.Verified())).Split('\n').Where(line => line.StartsWith('|')).ToList();

        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.InRange(line.Replace("\\|", "", StringComparison.Ordinal).Count(character => character == '|') - 1, 2, 6));
    }
}
