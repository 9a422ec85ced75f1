using Tuner.Service.Reports;
using Tuner.Service.Reports.Comparing;

namespace Tuner.Service.Tests.Reports;

/// <summary>Whoever reads the JSON knows every number that the other faces show.</summary>
public sealed class FaceNumbersTests
{
    [Theory]
    [InlineData("verified")]
    [InlineData("envelope")]
    [InlineData("history")]
    [InlineData("measured cost")]
    [InlineData("reported objective")]
    [InlineData("nothing feasible")]
    [InlineData("budget exhausted")]
    public void Every_number_of_the_markdown_and_the_page_stands_in_the_json(string which)
    {
        var report = ReportBuilder.Build(Input(which));
        var json = ReportJson.Write(report);

        AssertNone(FaceNumbers.Missing(ReportMarkdown.Write(report), json));
        AssertNone(FaceNumbers.Missing(FaceNumbers.Visible(ReportHtml.Write(report)), json));
    }

    [Fact]
    public void Every_number_of_a_comparison_stands_in_its_json()
    {
        var comparison = ReportComparer.Compare(ReportBuilder.Build(ReportFixture.Verified()), ReportBuilder.Build(ReportFixture.NothingFeasible()));
        var json = ReportJson.Write(comparison);

        AssertNone(FaceNumbers.Missing(ComparisonMarkdown.Write(comparison), json));
        AssertNone(FaceNumbers.Missing(FaceNumbers.Visible(ReportHtml.Write(comparison)), json));
    }

    [Fact]
    public void A_number_of_nowhere_is_found_out()
    {
        var json = ReportJson.Write(ReportBuilder.Build(ReportFixture.Verified()));

        Assert.Equal(2, FaceNumbers.Missing("p99 57.0 ms, 57.3 ms; spent 8 min 12 s, 8 min 13 s", json).Split('\n').Length);
    }

    private static void AssertNone(string missing) => Assert.True(missing.Length == 0, missing);

    private static ReportInput Input(string which) => which switch
    {
        "verified" => ReportFixture.Verified(),
        "envelope" => ReportFixture.WithEnvelope(),
        "history" => ReportFixture.WithHistory(),
        "measured cost" => ReportFixture.WithMeasuredCost(),
        "reported objective" => ReportFixture.WithReportedObjective(),
        "nothing feasible" => ReportFixture.NothingFeasible(),
        _ => ReportFixture.BudgetExhausted(),
    };
}
