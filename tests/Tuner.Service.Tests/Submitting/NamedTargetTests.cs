using System.Collections.Immutable;
using System.Text;
using Tuner.Client;
using Tuner.Core.Api;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Definitions;
using Tuner.Service.Storage;
using Tuner.Service.Tests.Api;
using Tuner.Service.Tests.Definitions;
using Tuner.Service.Tests.Engine;
using Tuner.Testing.Sweeps;

namespace Tuner.Service.Tests.Submitting;

public sealed class NamedTargetTests
{
    private const string Sweep = """
        metadata: { name: named }
        target: { template: small }
        parameters:
          workers: { values: [1, 2] }
          instanceType: { values: [sample-half] }
        load:
          request: { method: POST, path: /predict, bodyFiles: [ body.json ] }
          phases: [ { name: steady, rate: 100/s, duration: 20s } ]
        slos: [ p99 latency <= 100ms ]
        search: { strategy: grid }
        """;

    private static ScriptedRunner Hanging => new(_ => new TrialState.Measured(SmallSweep.Steady(milliseconds: 20))) { Hangs = _ => true };

    [Fact]
    public async Task A_sweep_that_names_a_registered_target_starts_its_command_whatever_becomes_of_the_name()
    {
        await using var tuner = await ServedTuner.StartAsync(Hanging);
        using var client = tuner.Connect();

        var taken = await client.Api.SubmitAsync(Body(), null, null, CancellationToken.None);
        var running = await client.UntilAsync(taken.Id, sweep => sweep.State is "running");
        Assert.True(await new TargetTemplateStore(tuner.Database).DeleteAsync("small", CancellationToken.None));

        Assert.Equal("running", running.State);
        var again = SweepFile.Rebuild(SweepSubmission.FromJson((await new SqlSweepStore(tuner.Database).SubmissionAsync(new SweepId(taken.Id), CancellationToken.None))!));
        var process = Assert.IsType<Target.Process>(again.Sweep!.Target);
        Assert.Equal($"my-server --port {{{{port}}}} --workers {{{{workers}}}} --api-key {SmallTexts.Secret}", string.Join(' ', process.Command.Select(part => part.Text)));
    }

    [Fact]
    public async Task A_target_that_came_with_the_submission_does_not_count_where_there_is_a_service()
    {
        await using var tuner = await ServedTuner.StartAsync(Hanging);
        using var client = tuner.Connect();
        var evil = Body() with { Files = Body().Files.Add("targets/small.yaml", Base64("target: { process: { command: [evil] } }")).Add("targets/other.yaml", Base64("target: { process: { command: [evil] } }")) };

        var taken = await client.Api.SubmitAsync(evil, null, null, CancellationToken.None);
        var refused = await Assert.ThrowsAsync<TunerApiException>(() => client.Api.SubmitAsync(evil with { Definition = Sweep.Replace("small", "other", StringComparison.Ordinal) }, null, null, CancellationToken.None));

        Assert.DoesNotContain("evil", (await new SqlSweepStore(tuner.Database).SubmissionAsync(new SweepId(taken.Id), CancellationToken.None))!, StringComparison.Ordinal);
        var error = Assert.Single(refused.Problem.Errors, error => error.Severity is "error");
        Assert.Equal(("target.template", 2), (error.Path, error.Line));
        Assert.Contains("no target 'other' is known here", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("values: [1, 2] }", "values: [1, 2, 64] }", "parameters.workers", "may be '64', and the target 'small' takes 1, 2")]
    [InlineData("workers:", "threads:", "target.template", "'small', process.command[4]: ")]
    [InlineData("template: small", "template: ../small", "target.template", "'../small' is no name of a target")]
    public async Task What_does_not_fit_the_named_target_is_told_with_its_path(string replace, string with, string path, string message)
    {
        await using var tuner = await ServedTuner.StartAsync(Hanging);
        using var client = tuner.Connect();

        var refused = await Assert.ThrowsAsync<TunerApiException>(() => client.Api.PlanAsync(Body() with { Definition = Sweep.Replace(replace, with, StringComparison.Ordinal) }, null, CancellationToken.None));

        var error = Assert.Single(refused.Problem.Errors, error => error.Severity is "error");
        Assert.Equal(path, error.Path);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(SmallTexts.Secret, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_service_the_target_is_read_from_a_file_beside_the_sweep_and_its_files_beside_that()
    {
        var registered = Encoding.UTF8.GetBytes("target: { process: { command: [server, --port, \"{{port}}\"], files: { server.conf: small.conf } } }");
        var files = SmallTexts.Files.Add("targets/small.yaml", registered).Add("targets/small.conf", Encoding.UTF8.GetBytes("workers {{workers}}"));

        var reading = SweepFile.Submitted("named.yaml", Sweep, "/srv", new SubmittedFiles(files), SweepTexts.Prices);

        Assert.Empty(reading.Errors);
        Assert.Equal("workers {{workers}}", Assert.Single(Assert.IsType<Target.Process>(reading.Sweep!.Target).Files).Content.Text);
        Assert.Equal(["body.json", "targets/small.conf", "targets/small.yaml"], reading.Submission!.Files.Keys);
    }

    private static SweepSubmissionBody Body() => new()
    {
        FileName = "named.yaml",
        Definition = Sweep,
        Files = ImmutableSortedDictionary<string, string>.Empty.Add("body.json", Base64("{}")),
    };

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
