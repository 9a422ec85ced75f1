using System.Net;
using Tuner.Client;
using Tuner.Core.Api;
using Tuner.Core.Gate;
using Tuner.Core.Trials;
using Tuner.Service.Tests.Engine;
using Tuner.Testing.Sweeps;
using Tuner.Testing.Time;

namespace Tuner.Service.Tests.Api;

public sealed class GatesApiTests
{
    private static ScriptedRunner Fast => new(_ => new TrialState.Measured(SmallSweep.Steady(milliseconds: 20)));

    [Fact]
    public async Task The_first_verified_answer_is_accepted_by_itself_and_a_later_one_by_a_person()
    {
        await using var tuner = await ServedTuner.StartAsync(Fast);
        using var client = tuner.Connect();
        var first = await client.EndOfAsync((await client.Api.SubmitAsync(SmallTexts.Body(), null, null, CancellationToken.None)).Id);
        var byItself = await AcceptedAsync(client);
        var second = await client.EndOfAsync((await client.Api.SubmitAsync(SmallTexts.Body("values: [1, 2]", "values: [2]"), null, null, CancellationToken.None)).Id);

        Assert.Equal((first.Id, first.Id), (byItself.Sweep, (await AcceptedAsync(client)).Sweep));
        var accepted = await client.Api.AcceptAsync(second.Id, CancellationToken.None);

        Assert.Equal(("small", "default", second.Id, (string?)null), (accepted.Name, accepted.Project, accepted.Sweep, accepted.Verdict));
        Assert.Contains(new ParameterSetting("workers", "2"), accepted.Accepted);
        Assert.Equal(second.Id, (await AcceptedAsync(client)).Sweep);
        await client.Api.ForgetGateAsync("small", null, CancellationToken.None);
        Assert.Empty(await client.Api.GatesAsync(null, CancellationToken.None));
        Assert.Equal(HttpStatusCode.NotFound, (await Assert.ThrowsAsync<TunerApiException>(() => client.Api.ForgetGateAsync("small", null, CancellationToken.None))).Status);
    }

    [Fact]
    public async Task A_night_of_a_definition_that_changed_since_the_acceptance_is_compared_with_nothing_and_says_so()
    {
        await using var tuner = await ServedTuner.StartAsync(Fast);
        using var client = tuner.Connect();
        await client.EndOfAsync((await client.Api.SubmitAsync(SmallTexts.Body(), null, null, CancellationToken.None)).Id);
        await AcceptedAsync(client);
        var nightly = SmallTexts.Body("slos: [", "schedule: { cron: \"0 2 * * *\" }\nslos: [");

        var schedule = await client.Api.CreateScheduleAsync(nightly with { Definition = nightly.Definition.Replace("rate: 100/s", "rate: 120/s", StringComparison.Ordinal) }, null, CancellationToken.None);
        var run = await client.Api.RunScheduleAsync(schedule.Id, CancellationToken.None);
        await client.EndOfAsync(run.Sweep!);
        var night = await AcceptedAsync(client, gate => gate.Night == run.Sweep);

        Assert.Equal("warning", night.Verdict);
        Assert.Contains("The definition has changed since its answer was accepted (load)", night.VerdictReason, StringComparison.Ordinal);
        Assert.Contains("tuner gate accept", night.VerdictReason, StringComparison.Ordinal);
        var answer = await client.Api.RecommendationAsync(run.Sweep!, CancellationToken.None);
        Assert.Equal(("warning", night.VerdictReason, 0), (answer.Gate!.Verdict, answer.Gate.Reason, answer.ExitCode));
        Assert.Equal((4 * new GatePlan().Pairs) + 10, (await client.Api.SweepAsync(run.Sweep!, CancellationToken.None)).Progress!.MostTrials);
    }

    [Fact]
    public async Task A_sweep_without_a_verified_answer_is_not_accepted()
    {
        await using var tuner = await ServedTuner.StartAsync(new ScriptedRunner(_ => new TrialState.Measured(SmallSweep.Steady(milliseconds: 20))) { Hangs = _ => true });
        using var client = tuner.Connect();
        var going = (await client.Api.SubmitAsync(SmallTexts.Body(), null, null, CancellationToken.None)).Id;

        var refused = await Assert.ThrowsAsync<TunerApiException>(() => client.Api.AcceptAsync(going, CancellationToken.None));

        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("only one that has finished has an answer", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_sees_and_accepts_its_projects_only_and_a_reader_accepts_nothing()
    {
        await using var tuner = await ServedTuner.StartAsync(Fast);
        using var client = tuner.Connect();
        var sweep = (await client.EndOfAsync((await client.Api.SubmitAsync(SmallTexts.Body(), "vision", null, CancellationToken.None)).Id)).Id;
        await tuner.MakeKeyAsync(KeyRole.Admin);
        using var other = tuner.Connect(await tuner.MakeKeyAsync(KeyRole.Operator, "search"));
        using var reader = tuner.Connect(await tuner.MakeKeyAsync(KeyRole.Reader, "vision"));

        Assert.Equal(sweep, (await AcceptedAsync(reader)).Sweep);
        Assert.Empty(await other.Api.GatesAsync(null, CancellationToken.None));
        Assert.Equal(HttpStatusCode.NotFound, (await Assert.ThrowsAsync<TunerApiException>(() => other.Api.AcceptAsync(sweep, CancellationToken.None))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Assert.ThrowsAsync<TunerApiException>(() => other.Api.ForgetGateAsync("small", "vision", CancellationToken.None))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await Assert.ThrowsAsync<TunerApiException>(() => reader.Api.AcceptAsync(sweep, CancellationToken.None))).Status);
    }

    /// <summary>The one gate there is; what follows a sweep's end is done a moment after it.</summary>
    private static async Task<GateView> AcceptedAsync(TunerClient client, Func<GateView, bool>? wanted = null)
    {
        GateView? found = null;
        await Until.TrueAsync(async () => (found = await client.Api.GatesAsync(null, CancellationToken.None) is [var only] && wanted?.Invoke(only) is not false ? only : null) is not null);
        return found!;
    }
}
