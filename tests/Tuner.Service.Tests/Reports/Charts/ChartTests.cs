using System.Xml.Linq;
using Tuner.Service.Reports;
using Tuner.Service.Reports.Charts;
using Tuner.Service.Reports.Html;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Tests.Reports.Charts;

public sealed class ChartTests
{
    private static readonly ChartsSection Data = ReportBuilder.Build(ReportFixture.Verified()).Charts;

    public static TheoryData<string> All => ["cost-latency", "best-so-far", "percentiles", "timeline", "repeats"];

    [Theory]
    [MemberData(nameof(All))]
    public void Is_well_formed_and_says_what_it_shows(string name)
    {
        var chart = XElement.Parse(Render(name).Text);

        Assert.Equal("img", chart.Attribute("role")!.Value);
        Assert.False(string.IsNullOrWhiteSpace(chart.Element("title")!.Value));
        Assert.False(string.IsNullOrWhiteSpace(chart.Element("desc")!.Value));
        Assert.Equal($"{name}-title {name}-desc", chart.Attribute("aria-labelledby")!.Value);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Is_the_same_every_time(string name) => Assert.Equal(Render(name), Render(name));

    [Theory]
    [MemberData(nameof(All))]
    public void Keeps_every_coordinate_on_the_paper(string name)
    {
        var chart = XElement.Parse(Render(name).Text);
        var paper = chart.Attribute("viewBox")!.Value.Split(' ').Select(double.Parse).ToArray();
        foreach (var place in chart.Descendants("g").Select(group => group.Attribute("transform")?.Value).OfType<string>())
        {
            var numbers = place["translate(".Length..^1].Split(' ').Select(double.Parse).ToArray();
            Assert.InRange(numbers[0], 0, paper[2]);
            Assert.InRange(numbers[1], 0, paper[3]);
        }
    }

    [Fact]
    public void Standings_differ_in_shape_and_not_in_colour_alone()
    {
        var shapes = Enum.GetValues<Standing>().Select(standing => ChartMarks.Of(standing).Text).ToList();
        var met = XElement.Parse(shapes[0]);
        var missed = XElement.Parse(shapes[1]);

        Assert.Equal(5, shapes.Distinct(StringComparer.Ordinal).Count());

        // Both are circles: one is filled, the other hollow, by the style sheet.
        Assert.Equal(("circle", "circle"), (met.Name.LocalName, missed.Name.LocalName));
        Assert.Matches("\\.met \\{ fill: var\\(--good\\)", ReportHtml.Write(ReportBuilder.Build(ReportFixture.Verified())));
        Assert.Matches("\\.missed \\{ fill: var\\(--paper\\)", ReportHtml.Write(ReportBuilder.Build(ReportFixture.Verified())));
    }

    [Fact]
    public void Cost_against_latency_draws_one_mark_for_each_candidate_and_the_slo()
    {
        var chart = CostLatencyChart.Render(Data.CostLatency, "USD").Text;

        foreach (var point in Data.CostLatency.Points)
        {
            Assert.Contains($"<title>{Markup.Encode(point.Key)}: ", chart, StringComparison.Ordinal);
        }

        Assert.Contains(">SLO 100 ms<", chart, StringComparison.Ordinal);
        Assert.Contains(">winner<", chart, StringComparison.Ordinal);
    }

    [Fact]
    public void Percentiles_end_where_too_few_requests_are_left()
    {
        var winner = Data.Percentiles.Series.Single(series => series.Role is Role.Winner);

        // 20,000 requests: as many beyond the last quantile as 1,000 requests have beyond p99.
        Assert.Equal(20_000, winner.Requests);
        Assert.InRange(winner.Requests * (1 - winner.Points[^1].Quantile), 10, 12);
    }

    private static Markup Render(string name) => name switch
    {
        "cost-latency" => CostLatencyChart.Render(Data.CostLatency, "USD"),
        "best-so-far" => BestSoFarChart.Render(Data.BestSoFar, "USD"),
        "percentiles" => PercentileChart.Render(Data.Percentiles),
        "timeline" => TimelineChart.Render(Data.Timeline),
        _ => RepeatsChart.Render(Data.Repeats),
    };
}
