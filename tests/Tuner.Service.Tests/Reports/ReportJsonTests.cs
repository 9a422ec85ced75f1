using System.Text.Json;
using System.Text.Json.Nodes;
using Tuner.Service.Reports;

namespace Tuner.Service.Tests.Reports;

public sealed class ReportJsonTests
{
    [Fact]
    public void Writes_the_same_report_every_time() => Snapshot.Match(ReportJson.Write(ReportBuilder.Build(ReportFixture.Verified())), "verified.json");

    [Fact]
    public void Publishes_the_schema_of_what_it_writes() => Snapshot.Match(ReportJson.Schema(), "../../../../src/Tuner.Service/Reports/report.schema.json");

    [Fact]
    public void Publishes_the_schema_of_a_comparison() => Snapshot.Match(ReportJson.ComparisonSchema(), "../../../../src/Tuner.Service/Reports/comparison.schema.json");

    [Theory]
    [InlineData("verified")]
    [InlineData("nothing feasible")]
    [InlineData("budget exhausted")]
    public void Keeps_to_its_schema(string which)
    {
        var report = JsonNode.Parse(ReportJson.Write(ReportBuilder.Build(Input(which))));

        Assert.Empty(SchemaCheck.Violations(JsonNode.Parse(ReportJson.Schema())!, report));
    }

    [Fact]
    public void Breaks_its_schema_when_a_number_is_text()
    {
        var report = JsonNode.Parse(ReportJson.Write(ReportBuilder.Build(ReportFixture.Verified())))!;
        report["spend"]!["trials"] = "many";
        report["verdict"]!.AsObject().Remove("advice");

        var violations = SchemaCheck.Violations(JsonNode.Parse(ReportJson.Schema())!, report);

        Assert.Equal(2, violations.Count);
        Assert.Contains(violations, violation => violation.StartsWith("/spend/trials:", StringComparison.Ordinal));
        Assert.Contains(violations, violation => violation.StartsWith("/verdict:", StringComparison.Ordinal));
    }

    [Fact]
    public void Reads_back_what_it_wrote()
    {
        var json = ReportJson.Write(ReportBuilder.Build(ReportFixture.Verified()));

        Assert.Equal(json, ReportJson.Write(ReportJson.Read(json)));
    }

    [Fact]
    public void Refuses_a_report_of_another_major_version()
    {
        var json = ReportJson.Write(ReportBuilder.Build(ReportFixture.Verified()) with { SchemaVersion = "3.0" });

        var error = Assert.Throws<JsonException>(() => ReportJson.Read(json));

        Assert.Contains("schemaVersion: 3.0", error.Message, StringComparison.Ordinal);
    }

    private static ReportInput Input(string which) => which switch
    {
        "verified" => ReportFixture.Verified(),
        "nothing feasible" => ReportFixture.NothingFeasible(),
        _ => ReportFixture.BudgetExhausted(),
    };
}
