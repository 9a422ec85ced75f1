using Tuner.Core.Sweeps;
using Tuner.Service.Reports;

namespace Tuner.Service.Tests.Reports;

public sealed class SecretMaskTests
{
    [Theory]
    [InlineData("DB_PASSWORD")]
    [InlineData("apiKey")]
    [InlineData("HF_TOKEN")]
    [InlineData("--auth-token")]
    [InlineData("AWS_SECRET_ACCESS_KEY")]
    [InlineData("ConnectionString")]
    public void Knows_names_of_secrets(string name) => Assert.True(SecretMask.IsSecretName(name));

    [Theory]
    [InlineData("MAX_TOKENS")]
    [InlineData("--max-num-batched-tokens")]
    [InlineData("KEY_CACHE_SIZE")]
    [InlineData("OMP_NUM_THREADS")]
    [InlineData("PATH")]
    public void Leaves_ordinary_names_alone(string name) => Assert.False(SecretMask.IsSecretName(name));

    [Fact]
    public void No_face_of_a_report_holds_a_secret_of_the_sweep()
    {
        var report = ReportBuilder.Build(ReportFixture.Verified());

        foreach (var face in new[] { ReportJson.Write(report), ReportMarkdown.Write(report), ReportHtml.Write(report) })
        {
            Assert.DoesNotContain("s3cr3t", face, StringComparison.Ordinal);
        }

        Assert.Contains("Token (hidden) accepted", ReportJson.Write(report), StringComparison.Ordinal);
    }

    [Fact]
    public void Hides_arguments_after_secret_options_and_passwords_in_addresses()
    {
        var mask = SecretMask.Of(new Target.Endpoint { Urls = [] });

        Assert.Equal("(hidden)", mask.Argument("--api-key", "abc"));
        Assert.Equal("--api-key=(hidden)", mask.Argument(null, "--api-key=abc"));
        Assert.Equal("abc", mask.Argument("--workers", "abc"));
        Assert.Equal("connect postgres://(hidden)@db/x", mask.Text("connect postgres://me:pw@db/x"));
        Assert.Equal("POST /infer?version=2&api_key=(hidden)&n=1", mask.Text("POST /infer?version=2&api_key=abc&n=1"));
    }
}
