using System.Collections.Immutable;
using System.Net;
using Tuner.Client;
using Tuner.Core.Api;
using Tuner.Core.Gate;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Gate;
using Tuner.Service.Schedules;
using Tuner.Service.Storage;
using Tuner.Service.Tests.Engine;
using Tuner.Testing.Sweeps;

namespace Tuner.Service.Tests.Api;

public sealed class SchedulesApiTests
{
    private const string Plain = "search: { strategy: grid }";

    private static ScriptedRunner Fast => new(_ => new TrialState.Measured(SmallSweep.Steady(milliseconds: 20)));

    private static ScriptedRunner Hanging => new(_ => new TrialState.Measured(SmallSweep.Steady(milliseconds: 20))) { Hangs = _ => true };

    [Fact]
    public async Task A_schedule_is_made_of_a_definition_and_the_same_name_changes_it()
    {
        await using var tuner = await ServedTuner.StartAsync(Hanging);
        using var client = tuner.Connect();

        var made = await client.Api.CreateScheduleAsync(Nightly(), null, CancellationToken.None);
        await client.Api.PauseScheduleAsync(made.Id, CancellationToken.None);
        var changed = await client.Api.CreateScheduleAsync(Nightly("30 3 * * 1-5"), null, CancellationToken.None);

        Assert.Equal(("small", "default", "0 2 * * *", "Europe/London", "skip", "once", false), (made.Name, made.Project, made.Cron, made.TimeZone, made.Overlap, made.Missed, made.Paused));
        Assert.NotNull(made.NextAt);
        Assert.Equal((made.Id, "30 3 * * 1-5", true), (changed.Id, changed.Cron, changed.Paused));
        Assert.Equal(changed, Assert.Single(await client.Api.SchedulesAsync(null, CancellationToken.None)));
        Assert.Equal(changed, await client.Api.ScheduleAsync(made.Id, CancellationToken.None));
        Assert.Empty((await client.Api.SweepsAsync([], [], null, null, null, 10, CancellationToken.None)).Items);
    }

    [Fact]
    public async Task What_could_not_be_submitted_is_not_scheduled()
    {
        await using var tuner = await ServedTuner.StartAsync(Hanging);
        using var client = tuner.Connect();

        async Task<TunerApiException> RefusedAsync(SweepSubmissionBody body) =>
            await Assert.ThrowsAsync<TunerApiException>(() => client.Api.CreateScheduleAsync(body, null, CancellationToken.None));

        var command = Nightly();
        var cases = new[]
        {
            (Path: "schedule", Refused: await RefusedAsync(SmallTexts.Body())),
            (Path: "schedule.cron", Refused: await RefusedAsync(Nightly("61 2 * * *"))),
            (Path: "target.process.command", Refused: await RefusedAsync(command with { Definition = command.Definition.Replace("my-server", "other-server", StringComparison.Ordinal) })),
        };

        Assert.All(cases, each => Assert.Equal(HttpStatusCode.UnprocessableEntity, each.Refused.Status));
        Assert.All(cases, each => Assert.Contains(each.Refused.Problem.Errors, error => error.Severity is "error" && each.Path.StartsWith(error.Path, StringComparison.Ordinal)));
        Assert.Empty(await client.Api.SchedulesAsync(null, CancellationToken.None));
    }

    [Fact]
    public async Task A_run_whose_target_is_no_longer_registered_starts_nothing_and_says_why()
    {
        await using var tuner = await ServedTuner.StartAsync(Hanging);
        using var client = tuner.Connect();
        var made = await client.Api.CreateScheduleAsync(Nightly(), null, CancellationToken.None);
        await new TargetTemplateStore(tuner.Database).DeleteAsync("small", CancellationToken.None);

        var refused = await Assert.ThrowsAsync<TunerApiException>(() => client.Api.RunScheduleAsync(made.Id, CancellationToken.None));

        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        var run = Assert.Single(await client.Api.ScheduleHistoryAsync(made.Id, 10, CancellationToken.None));
        Assert.Equal(("failed", (string?)null), (run.Outcome, run.Sweep));
        Assert.Contains("has not registered; none is registered yet", run.Reason, StringComparison.Ordinal);
        Assert.Empty((await client.Api.SweepsAsync([], [], null, null, null, 10, CancellationToken.None)).Items);
    }

    [Fact]
    public async Task A_change_keeps_what_it_does_not_name_and_tells_everything_that_is_wrong_with_it()
    {
        await using var tuner = await ServedTuner.StartAsync(Hanging);
        using var client = tuner.Connect();
        var made = await client.Api.CreateScheduleAsync(Nightly(), null, CancellationToken.None);

        var changed = await client.Api.ChangeScheduleAsync(made.Id, new ScheduleChange { Cron = "0 5 * * *", Overlap = "queue" }, CancellationToken.None);
        var refused = await Assert.ThrowsAsync<TunerApiException>(() => client.Api.ChangeScheduleAsync(
            made.Id, new ScheduleChange { Cron = "61 2 * *", TimeZone = "Europe/Londn", Overlap = "wait", Missed = "1" }, CancellationToken.None));

        Assert.Equal(("0 5 * * *", "Europe/London", "queue", "once"), (changed.Cron, changed.TimeZone, changed.Overlap, changed.Missed));
        Assert.NotEqual(made.NextAt, changed.NextAt);
        Assert.Equal(TimeSpan.Zero, changed.NextAt!.Value.Offset);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "urn:tuner:problem:invalid-schedule"), (refused.Status, refused.Problem.Type));
        Assert.Equal(["cron", "timeZone", "overlap", "missed"], refused.Problem.Errors.Select(error => error.Path));
        Assert.Equal(changed, await client.Api.ScheduleAsync(made.Id, CancellationToken.None));
    }

    [Fact]
    public async Task A_paused_schedule_is_not_due_and_a_resumed_one_is_again()
    {
        await using var tuner = await ServedTuner.StartAsync(Hanging);
        using var client = tuner.Connect();
        var made = await client.Api.CreateScheduleAsync(Nightly(), null, CancellationToken.None);

        var paused = await client.Api.PauseScheduleAsync(made.Id, CancellationToken.None);
        var resumed = await client.Api.ResumeScheduleAsync(made.Id, CancellationToken.None);

        Assert.Equal((true, null), (paused.Paused, paused.NextAt));
        Assert.Equal((false, made.NextAt), (resumed.Paused, resumed.NextAt));
    }

    [Fact]
    public async Task The_next_times_are_told_in_utc_and_in_the_schedules_own_time()
    {
        await using var tuner = await ServedTuner.StartAsync(Hanging);
        using var client = tuner.Connect();
        var made = await client.Api.CreateScheduleAsync(Nightly(), null, CancellationToken.None);

        var times = await client.Api.ScheduleTimesAsync(made.Id, 10, CancellationToken.None);
        var refused = await Assert.ThrowsAsync<TunerApiException>(() => client.Api.ScheduleTimesAsync(made.Id, 0, CancellationToken.None));

        Assert.Equal(10, times.Length);
        Assert.Equal(made.NextAt, times[0].At);
        Assert.Equal(times.Select(time => time.At).Order(), times.Select(time => time.At));
        Assert.All(times, time => Assert.Equal((time.At, TimeSpan.Zero), (time.Local.ToUniversalTime(), time.At.Offset)));
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
    }

    [Fact]
    public async Task A_run_that_is_asked_for_starts_its_sweep_and_stands_in_the_history_with_its_verdict()
    {
        await using var tuner = await ServedTuner.StartAsync(Fast);
        using var client = tuner.Connect();
        var made = await client.Api.CreateScheduleAsync(Nightly(), null, CancellationToken.None);

        var run = await client.Api.RunScheduleAsync(made.Id, CancellationToken.None);
        var ended = await client.EndOfAsync(run.Sweep!);
        await new GateStore(tuner.Database).AddAsync(Judged(ended, new GateReport(GateVerdict.Warning, "slower, or noise", [])), CancellationToken.None);
        var night = Assert.Single(await client.Api.ScheduleHistoryAsync(made.Id, 10, CancellationToken.None));

        Assert.Equal(("started", "asked for"), (run.Outcome, run.Reason));
        Assert.Equal(made.Id, ended.Labels[ScheduledSweeps.Label]);
        Assert.Equal(("finished", "warning", "slower, or noise"), (night.SweepState, night.Verdict, night.VerdictReason));
    }

    [Fact]
    public async Task A_deleted_schedule_is_gone_with_its_history_and_its_sweeps_stay()
    {
        await using var tuner = await ServedTuner.StartAsync(Fast);
        using var client = tuner.Connect();
        var made = await client.Api.CreateScheduleAsync(Nightly(), null, CancellationToken.None);
        var run = await client.Api.RunScheduleAsync(made.Id, CancellationToken.None);

        await client.Api.DeleteScheduleAsync(made.Id, CancellationToken.None);
        var gone = await Assert.ThrowsAsync<TunerApiException>(() => client.Api.ScheduleAsync(made.Id, CancellationToken.None));
        var again = await client.Api.CreateScheduleAsync(Nightly(), null, CancellationToken.None);

        Assert.Equal((HttpStatusCode.NotFound, "urn:tuner:problem:not-found"), (gone.Status, gone.Problem.Type));
        Assert.Empty(await client.Api.ScheduleHistoryAsync(again.Id, 10, CancellationToken.None));
        Assert.Equal("small", (await client.Api.SweepAsync(run.Sweep!, CancellationToken.None)).Name);
    }

    [Fact]
    public async Task A_key_sees_the_schedules_of_its_projects_and_a_reader_changes_none()
    {
        await using var tuner = await ServedTuner.StartAsync(Hanging);
        using var vision = tuner.Connect(await tuner.MakeKeyAsync(KeyRole.Operator, "vision"));
        using var search = tuner.Connect(await tuner.MakeKeyAsync(KeyRole.Operator, "search"));
        using var reader = tuner.Connect(await tuner.MakeKeyAsync(KeyRole.Reader, "vision"));
        var mine = await vision.Api.CreateScheduleAsync(Nightly(), null, CancellationToken.None);

        async Task<HttpStatusCode[]> StatusesAsync(ITunerApi api) =>
        [
            .. await Task.WhenAll(new Func<Task>[]
            {
                () => api.ChangeScheduleAsync(mine.Id, new ScheduleChange { Cron = "0 5 * * *" }, CancellationToken.None),
                () => api.PauseScheduleAsync(mine.Id, CancellationToken.None),
                () => api.ResumeScheduleAsync(mine.Id, CancellationToken.None),
                () => api.RunScheduleAsync(mine.Id, CancellationToken.None),
                () => api.DeleteScheduleAsync(mine.Id, CancellationToken.None),
                () => api.CreateScheduleAsync(Nightly(), "vision", CancellationToken.None),
            }.Select(async ask => (await Assert.ThrowsAsync<TunerApiException>(ask)).Status)),
        ];

        Assert.Equal(("vision", "vision.small"), (mine.Project, mine.Id));
        Assert.Equal(mine, Assert.Single(await reader.Api.SchedulesAsync(null, CancellationToken.None)));
        Assert.Empty(await search.Api.SchedulesAsync(null, CancellationToken.None));
        Assert.Empty(await search.Api.SchedulesAsync("vision", CancellationToken.None));
        Assert.Equal([.. Enumerable.Repeat(HttpStatusCode.NotFound, 5), HttpStatusCode.Forbidden], await StatusesAsync(search.Api));
        Assert.All(await StatusesAsync(reader.Api), status => Assert.Equal(HttpStatusCode.Forbidden, status));
        foreach (var look in new Func<Task>[]
        {
            () => search.Api.ScheduleAsync(mine.Id, CancellationToken.None),
            () => search.Api.ScheduleTimesAsync(mine.Id, 10, CancellationToken.None),
            () => search.Api.ScheduleHistoryAsync(mine.Id, 10, CancellationToken.None),
        })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await Assert.ThrowsAsync<TunerApiException>(look)).Status);
        }
    }

    private static GateRun Judged(SweepView sweep, GateReport report) => new()
    {
        Sweep = new SweepId(sweep.Id),
        Project = sweep.Project,
        Name = sweep.Name,
        Candidate = CandidateText.Read("""[["workers","2"]]"""),
        At = sweep.ChangedAt,
        Report = report,
        Nights = ImmutableSortedDictionary<string, GateNight>.Empty,
    };

    private static SweepSubmissionBody Nightly(string cron = "0 2 * * *") =>
        SmallTexts.Body(Plain, $"{Plain}\nschedule: {{ cron: \"{cron}\", timeZone: Europe/London, overlap: skip }}");
}
