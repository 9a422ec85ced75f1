using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Tuner.Core.Api;
using Tuner.Core.Trials;
using Tuner.Service.Tests.Engine;
using Tuner.Testing.Sweeps;

namespace Tuner.Service.Tests.Api;

public sealed class SubmissionFormsTests
{
    private static readonly string WithoutFiles = SmallTexts.Sweep.Replace("request: { method: POST, path: /predict, bodyFiles: [ body.json ] }", "request: { path: /predict }", StringComparison.Ordinal);

    [Fact]
    public async Task A_form_carries_the_definition_and_its_files()
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent(SmallTexts.Sweep), "definition", "small.yaml" },
            { new ByteArrayContent("{}"u8.ToArray()), "files", "body.json" },
        };

        var (status, text) = await SendAsync(form);

        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal("small", JsonSerializer.Deserialize<SweepView>(text, ApiJson.Options)!.Name);
    }

    [Theory]
    [InlineData("application/yaml")]
    [InlineData("text/yaml")]
    public async Task Yaml_alone_is_a_definition(string type)
    {
        var (status, _) = await SendAsync(Content(WithoutFiles, type));

        Assert.Equal(HttpStatusCode.Created, status);
    }

    [Fact]
    public async Task Json_alone_is_a_definition()
    {
        const string Json = """
            { "target": { "endpoint": { "url": "http://127.0.0.1:9" } }, "load": { "phases": [ { "rate": "100/s", "duration": "20s" } ] },
              "slos": [ "p99 latency <= 100ms" ], "cost": { "instanceType": "sample-half" } }
            """;

        var (status, text) = await SendAsync(Content(Json, "application/json"));

        // It was read as a definition: what it is refused for is where its load would go.
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains("sends no load there", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../body.json")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../b")]
    [InlineData("a\\\\b")]
    public async Task A_file_outside_the_submission_is_refused(string name)
    {
        var body = $$"""{ "definition": "x", "files": { "{{name}}": "e30=" } }""";

        var (status, text) = await SendAsync(Content(body, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("is no name of a file within the submission", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_definition_reads_no_file_of_this_machine()
    {
        var (status, text) = await SendAsync(Content(SmallTexts.Sweep.Replace("body.json", "/etc/hostname", StringComparison.Ordinal), "application/yaml"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains("'/etc/hostname' was not submitted with the definition", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("image/png", "x", HttpStatusCode.UnsupportedMediaType, "'image/png' is not read here")]
    [InlineData("application/json", "{", HttpStatusCode.BadRequest, "The body cannot be read")]
    [InlineData("application/json", "{ \"definition\": 5 }", HttpStatusCode.BadRequest, "The body cannot be read")]
    [InlineData("application/json", "{ \"definition\": \"x\", \"files\": { \"a\": \"%\" } }", HttpStatusCode.BadRequest, "files['a'] is no base64")]
    [InlineData("multipart/form-data; boundary=x", "--x--", HttpStatusCode.BadRequest, "The form has no part 'definition'")]
    [InlineData("application/yaml", "", HttpStatusCode.UnprocessableEntity, "error")]
    public async Task A_body_that_cannot_be_read_is_told_with_its_cure(string type, string body, HttpStatusCode expected, string words)
    {
        var (status, text) = await SendAsync(Content(body, type));

        Assert.Equal(expected, status);
        Assert.Contains(words, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused()
    {
        await using var tuner = await ServedTuner.StartAsync(Runner, options => options with { MaxBodyBytes = 1000 });
        using var http = new HttpClient { BaseAddress = tuner.Url };
        using var content = Content(new string('#', 2000), "application/yaml");

        using var response = await http.PostAsync(new Uri("api/v1/sweeps", UriKind.Relative), content);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("urn:tuner:problem:too-large", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static ScriptedRunner Runner => new(_ => new TrialState.Measured(SmallSweep.Steady(milliseconds: 20)));

    private static ByteArrayContent Content(string text, string type) => new(Encoding.UTF8.GetBytes(text)) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };

    private static async Task<(HttpStatusCode Status, string Text)> SendAsync(HttpContent content)
    {
        await using var tuner = await ServedTuner.StartAsync(Runner);
        using var http = new HttpClient { BaseAddress = tuner.Url };
        using var response = await http.PostAsync(new Uri("api/v1/sweeps", UriKind.Relative), content);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
