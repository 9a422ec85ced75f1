using System.Text;
using System.Text.RegularExpressions;
using Tuner.Service.Reports;

namespace Tuner.Service.Tests.Reports;

public sealed partial class ReportHtmlTests
{
    [Fact]
    public void Writes_the_same_page_every_time() => Snapshot.Match(ReportHtml.Write(ReportBuilder.Build(ReportFixture.Verified())), "verified.html");

    [Fact]
    public void Writes_a_page_when_nothing_is_feasible() => Snapshot.Match(ReportHtml.Write(ReportBuilder.Build(ReportFixture.NothingFeasible())), "nothing-feasible.html");

    [Fact]
    public void Fetches_nothing_from_anywhere()
    {
        var page = ReportHtml.Write(ReportBuilder.Build(ReportFixture.Verified()));

        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("(src|href)=\"(?!#)", page);
        Assert.DoesNotMatch("url\\(|@import|https?://", page);
    }

    [Fact]
    public void Stays_under_three_megabytes_with_two_thousand_trials()
    {
        var page = ReportHtml.Write(ReportBuilder.Build(ReportFixture.Large(2_000)));

        Assert.InRange(Encoding.UTF8.GetByteCount(page), 100_000, 3_000_000);
        Assert.Equal(2_001, Row().Count(page.Split("id=\"trials\"")[1]));
    }

    [GeneratedRegex("<tr>")]
    private static partial Regex Row();
}
