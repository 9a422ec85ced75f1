using System.Net;
using Tuner.Client;
using Tuner.Core.Api;
using Tuner.Core.Trials;
using Tuner.Service.Definitions;
using Tuner.Service.Engine;
using Tuner.Service.Engine.Progress;
using Tuner.Service.Storage;
using Tuner.Service.Submitting;
using Tuner.Service.Tests.Api;
using Tuner.Service.Tests.Definitions;
using Tuner.Service.Tests.Engine;
using Tuner.Testing.Sweeps;

namespace Tuner.Service.Tests.Submitting;

public sealed class AdmissionTests
{
    private const string Endpoint = """
        target: { endpoint: { url: "http://127.0.0.1:9" } }
        load: { phases: [ { rate: 100/s, duration: 20s } ] }
        slos: [ p99 latency <= 100ms ]
        cost: { instanceType: sample-half }
        """;

    private static ScriptedRunner Hanging => new(_ => new TrialState.Measured(SmallSweep.Steady(milliseconds: 20))) { Hangs = _ => true };

    [Theory]
    [InlineData("my-server,", "sh, -c, evil,", "starts a command that the operator of this service has not registered; registered are: small")]
    [InlineData("--workers,", "--evil,", "starts a command")]
    [InlineData("env: { MODEL_TOKEN:", "env: { LD_PRELOAD: /tmp/evil.so, MODEL_TOKEN:", "starts a command")]
    [InlineData("command: [my-server", "workingDirectory: elsewhere\n    command: [my-server", "starts a command")]
    [InlineData("command: [my-server", "replicas: 7\n    command: [my-server", "starts a command")]
    public async Task A_command_that_is_not_registered_is_refused(string replace, string with, string expected)
    {
        var refused = await RefusedAsync(SmallTexts.Body(replace, with));

        Assert.Equal("target", refused.Path);
        Assert.Equal(2, refused.Line);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("workers: { values: [1, 2] }", "workers: { values: [1, 2, 64] }", "may be '64', and the target 'small' takes 1, 2")]
    [InlineData("workers: { values: [1, 2] }", "workers: { values: [1, 2, \"2; reboot\"] }", "may be '2; reboot'")]
    [InlineData("workers: { values: [1, 2] }", "workers: { type: int, min: 1, max: 3 }", "may be '3'")]
    [InlineData("workers: { values: [1, 2] }", "workers: { type: int, min: 1, max: 2 }", null)]
    public async Task Values_outside_of_what_the_target_takes_are_refused(string replace, string with, string? expected)
    {
        await using var tuner = await ServedTuner.StartAsync(Hanging);
        using var client = tuner.Connect();
        var body = SmallTexts.Body(replace, with);
        if (expected is null)
        {
            Assert.Equal("queued", (await client.Api.SubmitAsync(body, null, null, CancellationToken.None)).State);
            return;
        }

        var refused = await Assert.ThrowsAsync<TunerApiException>(() => client.Api.SubmitAsync(body, null, null, CancellationToken.None));

        var error = Assert.Single(refused.Problem.Errors, error => error.Severity is "error");
        Assert.Equal("parameters.workers", error.Path);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_to_an_address_that_is_not_allowed_is_refused_and_to_an_allowed_one_it_is_taken()
    {
        var body = new SweepSubmissionBody { Definition = Endpoint };
        var refused = await RefusedAsync(body);
        await using var tuner = await ServedTuner.StartAsync(Hanging, options => options with { Rules = new OperatorRules { LoadTo = [AddressRange.Parse("127.0.0.0/8:9")!] } });
        using var client = tuner.Connect();

        var taken = await client.Api.SubmitAsync(body, null, null, CancellationToken.None);

        Assert.Contains("'http://127.0.0.1:9' is 127.0.0.1, and this service sends no load there", refused.Message, StringComparison.Ordinal);
        Assert.Equal("queued", taken.State);
    }

    [Fact]
    public async Task A_name_is_judged_by_the_addresses_that_it_means()
    {
        var refused = await RefusedAsync(
            new SweepSubmissionBody { Definition = Endpoint.Replace("127.0.0.1", "localhost", StringComparison.Ordinal) },
            new OperatorRules { LoadTo = [AddressRange.Parse("10.0.0.0/8")!] });

        Assert.Contains("'http://localhost:9' is ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_requests_per_second_than_the_project_may_send_are_refused()
    {
        var refused = await RefusedAsync(SmallTexts.Body(), new OperatorRules { MaxRate = 1000, ProjectRates = new OperatorRules().ProjectRates.Add("default", 50) });

        Assert.Equal("load", refused.Path);
        Assert.Contains("asks for 100 requests per second, and project 'default' may send 50", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_registered_targets_are_listed_without_their_secrets()
    {
        await using var tuner = await ServedTuner.StartAsync(Hanging);
        using var client = tuner.Connect();

        var target = Assert.Single(await client.Api.TargetsAsync(CancellationToken.None));

        Assert.Equal("my-server --port {{port}} --workers {{workers}} --api-key (hidden)", string.Join(' ', target.Command));
        Assert.Equal("MODEL_TOKEN", Assert.Single(target.Environment));
        Assert.Equal(new ParameterSetting("workers", "1, 2"), Assert.Single(target.Parameters));
    }

    [Fact]
    public async Task What_was_stored_under_wider_rules_is_paused_when_it_would_run_and_goes_on_once_it_is_allowed_again()
    {
        await using var tuner = await ServedTuner.StartAsync(Hanging, targets: false);
        using var client = tuner.Connect();
        var reading = SweepFile.Submitted("small.yaml", SmallTexts.Sweep, "/srv/model", new SubmittedFiles(SmallTexts.Files), SweepTexts.Prices);
        var stored = (await new SweepIntake(new SqlSweepStore(tuner.Database), new ProgressBus(), TimeProvider.System).AddAsync(reading, new IntakeOptions(), CancellationToken.None)).Sweep.Id.Value;

        var paused = await client.UntilAsync(stored, sweep => sweep.State is "paused");
        Assert.Contains("starts a command that the operator of this service has not registered", paused.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(SmallTexts.Secret, paused.Reason, StringComparison.Ordinal);
        Assert.Empty((await client.Api.TrialsAsync(stored, null, 10, CancellationToken.None)).Items);

        // The same command from another folder is another command.
        var templates = new TargetTemplateStore(tuner.Database);
        await templates.PutAsync("small", reading.Submission! with { BaseDirectory = "/srv/other" }, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        await client.Api.ResumeAsync(stored, CancellationToken.None);
        Assert.Contains("was registered anew in '/srv/other'", (await client.UntilAsync(stored, sweep => sweep.State is "paused" && sweep.Reason.Contains("anew", StringComparison.Ordinal))).Reason, StringComparison.Ordinal);

        await templates.PutAsync("small", reading.Submission!, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        await client.Api.ResumeAsync(stored, CancellationToken.None);
        Assert.Equal("running", (await client.UntilAsync(stored, sweep => sweep.State is "running")).State);
    }

    [Fact]
    public async Task A_stored_sweep_that_sends_more_than_its_project_may_now_does_not_run()
    {
        await using var tuner = await ServedTuner.StartAsync(Hanging, options => options with { Rules = new OperatorRules { MaxRate = 50 } });
        using var client = tuner.Connect();
        var reading = SweepFile.Submitted("small.yaml", SmallTexts.Sweep, "/srv/model", new SubmittedFiles(SmallTexts.Files), SweepTexts.Prices);
        var stored = (await new SweepIntake(new SqlSweepStore(tuner.Database), new ProgressBus(), TimeProvider.System).AddAsync(reading, new IntakeOptions(), CancellationToken.None)).Sweep.Id.Value;

        Assert.Contains("may send 50", (await client.UntilAsync(stored, sweep => sweep.State is "paused")).Reason, StringComparison.Ordinal);
    }

    private static async Task<ApiError> RefusedAsync(SweepSubmissionBody body, OperatorRules? rules = null)
    {
        await using var tuner = await ServedTuner.StartAsync(Hanging, options => options with { Rules = rules ?? new OperatorRules() });
        using var client = tuner.Connect();
        var refused = await Assert.ThrowsAsync<TunerApiException>(() => client.Api.SubmitAsync(body, null, null, CancellationToken.None));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        return Assert.Single(refused.Problem.Errors, error => error.Severity is "error");
    }
}
