using System.Net;
using System.Text.Json;
using Tuner.Client;
using Tuner.Core.Measurements;
using Tuner.Core.Trials;
using Tuner.Service.Reports;
using Tuner.Service.Tests.Engine;
using Tuner.Testing.Sweeps;

namespace Tuner.Service.Tests.Api;

public sealed class ReportsApiTests
{
    private static ScriptedRunner Fast => new(_ => new TrialState.Measured(SmallSweep.Steady(milliseconds: 20)));

    [Fact]
    public async Task The_report_comes_as_json_markdown_or_html_by_accept()
    {
        await using var tuner = await ServedTuner.StartAsync(Fast);
        using var client = tuner.Connect();
        var id = (await client.Api.SubmitAsync(SmallTexts.Body(), null, null, CancellationToken.None)).Id;
        await client.EndOfAsync(id);

        var json = await client.Api.ReportAsync(id, "application/json", CancellationToken.None);
        var markdown = await client.Api.ReportAsync(id, "text/markdown", CancellationToken.None);
        var html = await client.Api.ReportAsync(id, "text/html;q=0.9, text/plain;q=0.1", CancellationToken.None);
        var refused = await Assert.ThrowsAsync<TunerApiException>(() => client.Api.ReportAsync(id, "image/png", CancellationToken.None));

        Assert.Equal("workers=2 instanceType=sample-half", ReportJson.Read(json).Verdict.Winner);
        Assert.StartsWith("## small: ", markdown, StringComparison.Ordinal);
        Assert.StartsWith("<!doctype html>", html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotAcceptable, refused.Status);
    }

    [Fact]
    public async Task The_most_specific_range_of_accept_decides_whatever_its_parameters()
    {
        await using var tuner = await ServedTuner.StartAsync(Fast);
        using var client = tuner.Connect();
        var id = (await client.Api.SubmitAsync(SmallTexts.Body(), null, null, CancellationToken.None)).Id;
        using var http = new HttpClient { BaseAddress = tuner.Url };
        var wanted = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["*/*"] = "application/json",
            ["application/json;q=0, */*;q=0.1"] = "text/markdown",
            ["text/*;q=0.5, application/json;q=0.4, text/html;q=0.9"] = "text/html",
            ["text/html;charset=utf-8"] = "text/html",
            ["text/html, application/json"] = "text/html",
            ["*/*;q=0.1, application/json; version=1"] = "application/json",
            ["text/html;q=0"] = null,
            ["image/png"] = null,
        };

        foreach (var (accept, type) in wanted)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"api/v1/sweeps/{id}/report");
            request.Headers.TryAddWithoutValidation("Accept", accept);
            using var answer = await http.SendAsync(request);
            Assert.Equal((accept, type ?? "application/problem+json"), (accept, answer.Content.Headers.ContentType?.MediaType));
            Assert.Equal(type is null, answer.StatusCode is HttpStatusCode.NotAcceptable);
        }
    }

    [Fact]
    public async Task A_sweep_that_goes_on_has_a_report_and_no_answer_yet()
    {
        var gate = new GatedRunner();
        await using var tuner = await ServedTuner.StartAsync(gate);
        using var client = tuner.Connect();
        var id = (await client.Api.SubmitAsync(SmallTexts.Body(), null, null, CancellationToken.None)).Id;
        await gate.Started;

        var answer = await client.Api.RecommendationAsync(id, CancellationToken.None);
        var report = ReportJson.Read(await client.Api.ReportAsync(id, "application/json", CancellationToken.None));

        Assert.Equal(("unfinished", null), (answer.Status, answer.ExitCode));
        Assert.Equal("Measuring", Assert.Single(report.Trials).State);
    }

    [Fact]
    public async Task The_whole_measurement_of_a_trial_can_be_read_back()
    {
        await using var tuner = await ServedTuner.StartAsync(Fast);
        using var client = tuner.Connect();
        var id = (await client.Api.SubmitAsync(SmallTexts.Body(), null, null, CancellationToken.None)).Id;
        await client.EndOfAsync(id);

        var measurement = MeasurementJson.Read(await client.Api.MeasurementAsync(id, 1, CancellationToken.None));
        var missing = await Assert.ThrowsAsync<TunerApiException>(() => client.Api.MeasurementAsync(id, 99, CancellationToken.None));

        Assert.Equal(2000, measurement.Phases.Sum(phase => phase.Scheduled));
        Assert.Contains("has no trial 99", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_and_the_command_of_a_failed_trial_are_shown_without_secrets()
    {
        await using var tuner = await ServedTuner.StartAsync(new ScriptedRunner(_ => new TrialState.CandidateFailed(FailureKind.ExitedAtStart, $"said {SmallTexts.Secret}", $"no model\nusing {SmallTexts.Secret}\n")));
        using var client = tuner.Connect();
        var id = (await client.Api.SubmitAsync(SmallTexts.Body(), null, null, CancellationToken.None)).Id;
        await client.EndOfAsync(id);

        Assert.Equal("no model\nusing (hidden)\n", await client.Api.LogAsync(id, 1, CancellationToken.None));
        Assert.Equal("MODEL_TOKEN='(hidden)' my-server --port $PORT --workers 2 --api-key '(hidden)'", await client.Api.CommandAsync(id, 1, CancellationToken.None));
        Assert.Equal("ExitedAtStart: said (hidden)", (await client.Api.TrialAsync(id, 1, CancellationToken.None)).Reason);
    }

    [Fact]
    public async Task Numbers_of_a_trial_that_json_cannot_hold_are_left_out()
    {
        await using var tuner = await ServedTuner.StartAsync(new ScriptedRunner(_ => new TrialState.Measured(SmallSweep.Failing("connect"))));
        using var http = new HttpClient { BaseAddress = tuner.Url };
        using var client = tuner.Connect();
        var id = (await client.Api.SubmitAsync(SmallTexts.Body(), null, null, CancellationToken.None)).Id;
        await client.EndOfAsync(id);

        using var trials = JsonDocument.Parse(await http.GetStringAsync(new Uri($"api/v1/sweeps/{id}/trials", UriKind.Relative)));

        Assert.Equal(1, trials.RootElement.GetProperty("items")[0].GetProperty("measurement").GetProperty("errorRate").GetDouble());
        Assert.Equal(JsonValueKind.Null, trials.RootElement.GetProperty("items")[0].GetProperty("measurement").GetProperty("p99Seconds").ValueKind);
    }
}
