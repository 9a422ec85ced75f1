using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Tuner.Core.Trials;
using Tuner.Service.Tests.Engine;
using Tuner.Testing.Sweeps;

namespace Tuner.Service.Tests.Api;

/// <summary>Requests that nothing can be made of: each is told what is wrong with it, and none is a fault of the service.</summary>
public sealed class BadRequestsTests
{
    [Theory]
    [InlineData("sweeps?limit=abc", "limit: 'abc' is no whole number.")]
    [InlineData("sweeps?after=zzz", "after: 'zzz' is no place in the list.")]
    [InlineData("audit?after=zzz", "after: 'zzz' is no place in the list.")]
    [InlineData("sweeps?name=%00", "NUL character")]
    [InlineData("sweeps?label=a%00:b", "NUL character")]
    public async Task A_query_is_answered_with_what_is_wrong_with_it(string query, string said) =>
        Assert.Contains(said, await RefusedAsync(http => http.GetAsync(new Uri($"api/v1/{query}", UriKind.Relative))), StringComparison.Ordinal);

    [Theory]
    [InlineData("sweeps", """{ "definition": "a", "files": { "x": null } }""", "files['x'] is no base64")]
    [InlineData("sweeps", """{ "definition": null }""", "The body cannot be read")]
    [InlineData("sweeps", "{", "The body cannot be read")]
    [InlineData("keys", """{ "name": "ci", "role": "reader", "projects": [ null ] }""", "projects: null is no name of a project")]
    [InlineData("keys", """{ "name": "ci", "role": "owner", "projects": [] }""", "The body cannot be read at $.role: ")]
    [InlineData("keys", "null", "POST /api/v1/keys needs a body, as application/json.")]
    public async Task A_body_is_answered_with_what_is_wrong_with_it(string path, string body, string said) =>
        Assert.Contains(said, await RefusedAsync(http => http.PostAsync(new Uri($"api/v1/{path}", UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"))), StringComparison.Ordinal);

    [Fact]
    public async Task A_form_that_breaks_off_is_no_fault_of_the_service()
    {
        using var form = new StringContent("--x\r\nContent-Disposition: form-data; name=definition\r\n\r\na: 1");
        form.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");

        Assert.Contains("The form cannot be read", await RefusedAsync(http => http.PostAsync(new Uri("api/v1/sweeps", UriKind.Relative), form)), StringComparison.Ordinal);
    }

    private static async Task<string> RefusedAsync(Func<HttpClient, Task<HttpResponseMessage>> send)
    {
        await using var tuner = await ServedTuner.StartAsync(new ScriptedRunner(_ => new TrialState.Measured(SmallSweep.Steady(milliseconds: 20))));
        using var http = new HttpClient { BaseAddress = tuner.Url };
        using var answer = await send(http);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode is HttpStatusCode.BadRequest, text);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(text);
        return problem.RootElement.GetProperty("detail").GetString()!;
    }
}
