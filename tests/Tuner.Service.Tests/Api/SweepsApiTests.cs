using System.Net;
using System.Text;
using Tuner.Client;
using Tuner.Core.Api;
using Tuner.Core.Trials;
using Tuner.Service.Tests.Engine;
using Tuner.Testing.Sweeps;

namespace Tuner.Service.Tests.Api;

public sealed class SweepsApiTests
{
    private static ScriptedRunner Fast => new(_ => new TrialState.Measured(SmallSweep.Steady(milliseconds: 20)));

    private static ScriptedRunner Hanging => new(_ => new TrialState.Measured(SmallSweep.Steady(milliseconds: 20))) { Hangs = _ => true };

    [Fact]
    public async Task A_submitted_sweep_runs_to_a_verified_recommendation()
    {
        await using var tuner = await ServedTuner.StartAsync(Fast);
        using var client = tuner.Connect();

        var submitted = await client.Api.SubmitAsync(SmallTexts.Body(), null, null, CancellationToken.None);
        var ended = await client.EndOfAsync(submitted.Id);
        var answer = await client.Api.RecommendationAsync(submitted.Id, CancellationToken.None);
        var trials = await client.Api.TrialsAsync(submitted.Id, null, 100, CancellationToken.None);

        Assert.Equal(("queued", "default", "small"), (submitted.State, submitted.Project, submitted.Name));
        Assert.Equal("finished", ended.State);
        Assert.Equal(("verified", 0), (answer.Status, answer.ExitCode));
        Assert.Equal(2000, trials.Items[0].Measurement!.Requests);
        Assert.InRange(trials.Items[0].Measurement!.P99Seconds!.Value, 0.019, 0.021);
        Assert.Equal("met", Assert.Single(trials.Items[0].Measurement!.Slos).Verdict);
    }

    [Fact]
    public async Task Every_error_of_a_definition_is_told_with_its_path_and_line()
    {
        await using var tuner = await ServedTuner.StartAsync(Fast);
        using var client = tuner.Connect();
        var body = SmallTexts.Body() with { Definition = "target: { process: { command: [server, \"{{port}}\"] } }\nparameters: { a: { type: int, min: 5, max: 1 } }\nload: { phases: [ { rate: 5, duration: 10 } ] }\nslos: [ fast ]\nfoo: 1\n" };

        var refused = await Assert.ThrowsAsync<TunerApiException>(() => client.Api.SubmitAsync(body, null, null, CancellationToken.None));

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "urn:tuner:problem:invalid-definition"), (refused.Status, refused.Problem.Type));
        Assert.Equal(
            [("parameters.a.max", 2), ("load.phases[0].duration", 3), ("slos[0]", 4), ("foo", 5)],
            refused.Problem.Errors.Where(error => error.Severity is "error").Select(error => (error.Path, error.Line)));
        Assert.All(refused.Problem.Errors, error => Assert.NotEmpty(error.Message));
    }

    [Fact]
    public async Task A_dry_run_answers_with_the_plan_and_stores_nothing()
    {
        await using var tuner = await ServedTuner.StartAsync(Fast);
        using var client = tuner.Connect();

        var plan = await client.Api.PlanAsync(SmallTexts.Body(), null, CancellationToken.None);

        Assert.Equal(("small", "2"), (plan.Sweep, plan.Candidates.AfterConstraints));
        Assert.Equal(["my-server", "--port", "$PORT", "--workers", "2"], plan.Baseline!.Command!.Value.Take(5));
        Assert.Empty((await client.Api.SweepsAsync([], [], null, null, null, 10, CancellationToken.None)).Items);
    }

    [Fact]
    public async Task The_same_idempotency_key_brings_the_same_sweep_and_no_other()
    {
        await using var tuner = await ServedTuner.StartAsync(Hanging);
        using var client = tuner.Connect();

        var first = await client.Api.SubmitAsync(SmallTexts.Body(), null, "nightly-1", CancellationToken.None);
        var again = await client.Api.SubmitAsync(SmallTexts.Body(), null, "nightly-1", CancellationToken.None);
        var other = await Assert.ThrowsAsync<TunerApiException>(() => client.Api.SubmitAsync(SmallTexts.Body("100ms", "90ms"), null, "nightly-1", CancellationToken.None));

        Assert.Equal(first.Id, again.Id);
        Assert.Equal("urn:tuner:problem:idempotency-key-taken", other.Problem.Type);
        Assert.Single((await client.Api.SweepsAsync([], [], null, null, null, 10, CancellationToken.None)).Items);
    }

    [Fact]
    public async Task Submissions_at_the_same_time_with_one_key_make_one_sweep()
    {
        await using var tuner = await ServedTuner.StartAsync(Hanging);
        using var client = tuner.Connect();

        var sweeps = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.Api.SubmitAsync(SmallTexts.Body(), null, "once", CancellationToken.None)));

        Assert.Single(sweeps.Select(sweep => sweep.Id).Distinct());
    }

    [Fact]
    public async Task Lists_are_filtered_by_state_label_and_name_and_come_in_pages()
    {
        await using var tuner = await ServedTuner.StartAsync(Hanging);
        using var client = tuner.Connect();
        foreach (var team in new[] { "vision", "vision", "search" })
        {
            await client.Api.SubmitAsync(SmallTexts.Body("team: vision", $"team: {team}"), null, null, CancellationToken.None);
        }

        async Task<Page<SweepView>> ListAsync(string[] states, string[] labels, string? name = null, string? after = null, int limit = 10) =>
            await client.Api.SweepsAsync(states, labels, name, null, after, limit, CancellationToken.None);

        var first = await ListAsync([], [], limit: 2);
        var second = await ListAsync([], [], after: first.Next, limit: 2);

        Assert.Equal((2, 1, null), (first.Items.Length, second.Items.Length, second.Next));
        Assert.Equal(3, first.Items.Concat(second.Items).Select(sweep => sweep.Id).Distinct().Count());
        Assert.Equal(2, (await ListAsync([], ["team:vision"])).Items.Length);
        Assert.Equal(2, (await ListAsync([], ["team=vision"])).Items.Length);
        Assert.Equal(3, (await ListAsync(["queued", "running"], [], "small")).Items.Length);
        Assert.Empty((await ListAsync(["finished"], [])).Items);
    }

    [Theory]
    [InlineData("?limit=0", "limit: 0 is out of range")]
    [InlineData("?limit=many", "limit")]
    [InlineData("?state=sleeping", "state: 'sleeping' is none. Write one of queued, running, paused")]
    [InlineData("?label=team", "label: 'team' is no label. Write name:value.")]
    [InlineData("?cursor=somewhere", "cursor: GET /api/v1/sweeps has no such query parameter.")]
    [InlineData("?State=running&limt=5", "limt: GET /api/v1/sweeps has no such query parameter. Did you mean 'limit'?")]
    [InlineData("?after=somewhere", "after: 'somewhere' is no place in the list")]
    public async Task A_filter_that_makes_no_sense_is_told(string query, string expected)
    {
        await using var tuner = await ServedTuner.StartAsync(Fast);
        using var http = new HttpClient { BaseAddress = tuner.Url };

        using var response = await http.GetAsync(new Uri("api/v1/sweeps" + query, UriKind.Relative));

        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Contains(expected, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_that_is_misspelt_starts_nothing()
    {
        await using var tuner = await ServedTuner.StartAsync(Fast);
        using var client = tuner.Connect();
        using var http = new HttpClient { BaseAddress = tuner.Url };

        using var response = await http.PostAsync(new Uri("api/v1/sweeps?dry-run=true", UriKind.Relative), new StringContent(SmallTexts.Sweep, Encoding.UTF8, "application/yaml"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("dry-run: POST /api/v1/sweeps has no such query parameter. Did you mean 'dryRun'?", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty((await client.Api.SweepsAsync([], [], null, null, null, 10, CancellationToken.None)).Items);
    }

    [Fact]
    public async Task A_running_sweep_is_paused_resumed_and_cancelled()
    {
        var gate = new GatedRunner();
        await using var tuner = await ServedTuner.StartAsync(gate);
        using var client = tuner.Connect();
        var id = (await client.Api.SubmitAsync(SmallTexts.Body(), null, null, CancellationToken.None)).Id;
        await gate.Started;

        Assert.Equal("pause", (await client.Api.PauseAsync(id, CancellationToken.None)).Request);
        var paused = client.UntilAsync(id, sweep => sweep.State is "paused");
        while (!paused.IsCompleted)
        {
            // The engine hears of it with its next sign of life: until then it may start another trial.
            await Task.WhenAny(paused, Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System));
            gate.OpenForOne();
        }

        Assert.Equal("paused by local user", (await paused).Reason);
        await client.Api.ResumeAsync(id, CancellationToken.None);
        await client.Api.CancelAsync(id, CancellationToken.None);
        var ended = await client.UntilAsync(id, sweep => sweep.State is "cancelled");

        Assert.Equal("cancelled by local user", ended.Reason);
        Assert.Equal(HttpStatusCode.Conflict, (await Assert.ThrowsAsync<TunerApiException>(() => client.Api.ResumeAsync(id, CancellationToken.None))).Status);
    }

    [Fact]
    public async Task Only_a_sweep_that_rests_is_deleted_and_then_it_is_gone()
    {
        await using var tuner = await ServedTuner.StartAsync(Hanging);
        using var client = tuner.Connect();
        var id = (await client.Api.SubmitAsync(SmallTexts.Body(), null, null, CancellationToken.None)).Id;
        await client.UntilAsync(id, sweep => sweep.State is "running");

        var refused = await Assert.ThrowsAsync<TunerApiException>(() => client.Api.DeleteAsync(id, CancellationToken.None));
        await client.Api.CancelAsync(id, CancellationToken.None);
        await client.UntilAsync(id, sweep => sweep.State is "cancelled");
        await client.Api.DeleteAsync(id, CancellationToken.None);
        var gone = await Assert.ThrowsAsync<TunerApiException>(() => client.Api.SweepAsync(id, CancellationToken.None));

        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("Cancel it first", refused.Message, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.NotFound, "urn:tuner:problem:not-found"), (gone.Status, gone.Problem.Type));
    }

    [Fact]
    public async Task The_history_tells_every_state_with_its_reason()
    {
        await using var tuner = await ServedTuner.StartAsync(Fast);
        using var client = tuner.Connect();
        var id = (await client.Api.SubmitAsync(SmallTexts.Body(), null, null, CancellationToken.None)).Id;
        await client.EndOfAsync(id);

        var history = await client.Api.HistoryAsync(id, CancellationToken.None);

        Assert.Equal(["queued", "running", "finished"], history.Select(change => change.To));
        Assert.All(history, change => Assert.NotEmpty(change.Reason));
    }
}
