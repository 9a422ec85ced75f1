using System.Text;
using System.Text.RegularExpressions;
using Tuner.Core.Space;
using Tuner.Core.Trials;
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

    [Fact]
    public void Shows_untrusted_text_as_text()
    {
        var hostile = "</pre><script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
        var input = ReportFixture.Verified();
        var candidate = new Candidate([.. ReportFixture.Sweep.Baseline!.Values[..3], KeyValuePair.Create("instanceType", ParameterValue.Of("sample-one")), KeyValuePair.Create("extra", ParameterValue.Of(hostile))]);
        var failed = input.Trials[3] with { Number = 99, Candidate = candidate, State = new TrialState.CandidateFailed(FailureKind.ExitedAtStart, hostile, hostile) };

        var report = ReportBuilder.Build(input with { Trials = [.. input.Trials, failed], Notes = [hostile] });
        var page = ReportHtml.Write(report);

        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", ReportMarkdown.Write(report), StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Allows_only_its_own_script_to_run()
    {
        var page = ReportHtml.Write(ReportBuilder.Build(ReportFixture.Verified()));
        var script = page.Split("<script>")[1].Split("</script>")[0];
        var hash = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(script)));

        Assert.Contains($"script-src 'sha256-{hash}'", page, StringComparison.Ordinal);
    }

    [GeneratedRegex("<tr>")]
    private static partial Regex Row();
}
