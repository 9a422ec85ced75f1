using System.Text.Json.Nodes;
using Tuner.Service.Reports;
using Tuner.Service.Reports.Comparing;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Tests.Reports.Comparing;

public sealed class ReportComparerTests
{
    private static readonly Report Verified = ReportBuilder.Build(ReportFixture.Verified());
    private static readonly Report Nothing = ReportBuilder.Build(ReportFixture.NothingFeasible());

    [Fact]
    public void A_sweep_against_itself_has_changed_nothing()
    {
        var comparison = ReportComparer.Compare(Verified, Verified);

        Assert.True(comparison.SameQuestion);
        Assert.Empty(comparison.Differences);
        Assert.StartsWith("The same winner, at the same", comparison.Summary, StringComparison.Ordinal);
        Assert.All(comparison.Candidates, row => Assert.True(row.LatencyShare is null or 0));
        Assert.DoesNotContain(comparison.Candidates, row => row.BeyondNoise is true);
    }

    [Fact]
    public void Keeps_to_its_schema()
    {
        var schema = JsonNode.Parse(ReportJson.ComparisonSchema())!;
        foreach (var other in new[] { Verified, Nothing })
        {
            var comparison = JsonNode.Parse(ReportJson.Write(ReportComparer.Compare(Verified, other)))!;

            Assert.Empty(SchemaCheck.Violations(schema, comparison));
            comparison["left"]!["trials"] = "many";
            Assert.StartsWith("/left/trials:", Assert.Single(SchemaCheck.Violations(schema, comparison)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_lost_winner_is_the_first_thing_said()
    {
        var comparison = ReportComparer.Compare(Verified, Nothing);

        Assert.StartsWith("Only digits-7k2m has a winner", comparison.Summary, StringComparison.Ordinal);
        Assert.Empty(comparison.Winners);
        Assert.NotEmpty(comparison.Candidates);
    }

    [Fact]
    public void A_slower_winner_is_beyond_the_noise_only_where_the_intervals_are_apart()
    {
        var winner = Verified.Find(Verified.Verdict.Winner)!;
        var slower = winner with { Slos = [winner.Slos[0] with { Estimate = winner.Slos[0].Estimate * 1.5, Lower = winner.Slos[0].Upper * 1.1, Upper = winner.Slos[0].Upper * 2 }, .. winner.Slos[1..]] };
        var after = Verified with { Candidates = [.. Verified.Candidates.Select(row => row.Key == winner.Key ? slower : row)] };

        var change = ReportComparer.Compare(Verified, after).Winners.Single(slo => slo.Unit == "s");

        Assert.Equal(0.5, change.Share!.Value, 9);
        Assert.True(change.BeyondNoise);
        Assert.False(ReportComparer.Compare(Verified, Verified).Winners.Single(slo => slo.Unit == "s").BeyondNoise);
    }

    [Fact]
    public void Names_where_the_questions_differ()
    {
        var after = Verified with { Sweep = Verified.Sweep with { Fingerprint = "other", Slos = ["p99 latency <= 50ms"] } };

        var comparison = ReportComparer.Compare(Verified, after);

        Assert.False(comparison.SameQuestion);
        Assert.Contains(comparison.Differences, line => line.StartsWith("SLOs:", StringComparison.Ordinal) && line.EndsWith("→ p99 latency <= 50ms", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("prices", "Prices: another price book")]
    [InlineData("target", "Target: another command")]
    [InlineData("load", "Load: other bodies")]
    public void Names_the_part_that_differs_where_no_text_tells_it(string part, string words)
    {
        var after = Verified with { Sweep = Verified.Sweep with { Fingerprint = "other", Parts = Verified.Sweep.Parts.SetItem(part, "other") } };

        var comparison = ReportComparer.Compare(Verified, after);

        Assert.EndsWith($"They did not ask the same: {part}.", comparison.Summary, StringComparison.Ordinal);
        Assert.StartsWith(words, Assert.Single(comparison.Differences), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_machine_or_version_is_no_other_question()
    {
        var after = Verified with { Evidence = Verified.Evidence with { Versions = Verified.Evidence.Versions with { Tuner = "9.9" } } };

        var comparison = ReportComparer.Compare(Verified, after);

        Assert.True(comparison.SameQuestion);
        Assert.Empty(comparison.Differences);
        Assert.EndsWith("→ 9.9", Assert.Single(comparison.Circumstances), StringComparison.Ordinal);
        Assert.Contains("→ 9.9", ReportHtml.Write(comparison), StringComparison.Ordinal);
        Assert.Contains("→ 9.9", ComparisonMarkdown.Write(comparison), StringComparison.Ordinal);
    }

    [Fact]
    public void Tells_what_the_later_winner_keeps_of_its_binding_slo()
    {
        var comparison = ReportComparer.Compare(Verified, Verified);
        var binding = comparison.Winners.Single(slo => slo.Binding);

        Assert.Contains($"{Figures.InUnit(binding.Right, binding.Unit)} as before; margin {Figures.Margin(binding.RightMargin)} instead of", comparison.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_face_tells_the_summary()
    {
        var comparison = ReportComparer.Compare(Verified, Nothing);

        Assert.Contains("has a winner", ComparisonMarkdown.Write(comparison), StringComparison.Ordinal);
        Assert.Contains("has a winner", ReportHtml.Write(comparison), StringComparison.Ordinal);
        Assert.Contains("has a winner", ReportJson.Write(comparison), StringComparison.Ordinal);
        Assert.All(ComparisonMarkdown.Write(comparison).Split('\n').Where(line => line.StartsWith("|-", StringComparison.Ordinal)), line => Assert.InRange(line.Count(character => character == '|') - 1, 1, 6));
    }

    [Fact]
    public void Standing_that_changed_shows_both()
    {
        var row = new CandidateChange { Key = "a", LeftStanding = Standing.Met, RightStanding = Standing.Missed, LeftCostPerHour = 1, RightCostPerHour = 1 };

        Assert.Equal("met → missed", ComparisonRows.Standings(row));
    }
}
