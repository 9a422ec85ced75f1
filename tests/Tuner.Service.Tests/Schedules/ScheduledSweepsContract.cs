using System.Collections.Immutable;
using Tuner.Core.Gate;
using Tuner.Core.Sweeps;
using Tuner.EngineNode;
using Tuner.Service.Definitions;
using Tuner.Service.Engine;
using Tuner.Service.Engine.Progress;
using Tuner.Service.Gate;
using Tuner.Service.Schedules;
using Tuner.Service.Storage;
using Tuner.Service.Submitting;
using Tuner.Service.Tests.Storage;
using Tuner.Testing.Time;

namespace Tuner.Service.Tests.Schedules;

/// <summary>What schedules promise, on each database.</summary>
public abstract class ScheduledSweepsContract(StorePlace place) : StoreContract(place), IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tuner-schedules-").FullName;
    private readonly ManualTime time = new();
    private SweepStores stores = null!;

    public void Dispose()
    {
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [StoreFact]
    public async Task Starts_a_due_run_once_however_often_and_by_how_many_nodes_it_is_looked_for()
    {
        var (one, two) = (await OpenAsync(), await OpenAsync());
        var schedule = await one.PutAsync(Reading("skip"), StoredSweep.DefaultProject, default);
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 2, 0, 0, TimeSpan.Zero), schedule.NextAt);
        Assert.Empty(await one.RunDueAsync(default));

        time.Advance(TimeSpan.FromHours(2));
        var runs = (await Task.WhenAll(Task.Run(() => one.RunDueAsync(default)), Task.Run(() => two.RunDueAsync(default)))).SelectMany(each => each).ToList();

        var run = Assert.Single(runs);
        Assert.Equal(ScheduleOutcome.Started, run.Outcome);
        Assert.Empty(await one.RunDueAsync(default));
        var sweep = Assert.Single((await stores.Sweeps.ListSweepsAsync(new SweepQuery(), default)).Sweeps);
        Assert.Equal(run.Sweep, sweep.Id);
        Assert.Equal(schedule.Id, sweep.Labels[ScheduledSweeps.Label]);
        Assert.Equal(run, Assert.Single(await Store().HistoryAsync(schedule.Id, 10, default)));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 2, 0, 0, TimeSpan.Zero), (await Store().FindAsync(schedule.Id, default))!.NextAt);
    }

    [StoreFact]
    public Task A_run_that_meets_the_last_one_is_skipped_where_its_policy_says_so() => MeetsAsync("skip", ["Started", "Skipped"], ["Queued"]);

    [StoreFact]
    public Task A_run_that_meets_the_last_one_waits_where_its_policy_says_so() => MeetsAsync("queue", ["Started"], ["Queued"]);

    [StoreFact]
    public Task A_run_that_meets_the_last_one_ends_it_where_its_policy_says_so() => MeetsAsync("cancel", ["Started", "Started"], ["Queued", "Cancelled"]);

    private async Task MeetsAsync(string overlap, string[] outcomes, string[] states)
    {
        var scheduled = await OpenAsync();
        var schedule = await scheduled.PutAsync(Reading(overlap), StoredSweep.DefaultProject, default);
        time.Advance(TimeSpan.FromHours(2));
        await scheduled.RunDueAsync(default);
        time.Advance(TimeSpan.FromHours(24));
        await scheduled.RunDueAsync(default);

        Assert.Equal(outcomes, (await Store().HistoryAsync(schedule.Id, 10, default)).Reverse().Select(run => run.Outcome.ToString()));
        Assert.Equal(states, (await stores.Sweeps.ListSweepsAsync(new SweepQuery(), default)).Sweeps.Select(sweep => sweep.State.ToString()));
    }

    [StoreFact]
    public async Task A_queued_run_starts_when_the_last_one_has_ended()
    {
        var scheduled = await OpenAsync();
        await scheduled.PutAsync(Reading("queue"), StoredSweep.DefaultProject, default);
        time.Advance(TimeSpan.FromHours(2));
        var first = Assert.Single(await scheduled.RunDueAsync(default));
        time.Advance(TimeSpan.FromHours(24));
        Assert.Empty(await scheduled.RunDueAsync(default));

        await stores.Sweeps.ChangeSweepAsync(first.Sweep!.Value, SweepState.Queued, SweepState.Cancelled, "done", default);
        Assert.Equal(ScheduleOutcome.Started, Assert.Single(await scheduled.RunDueAsync(default)).Outcome);
    }

    [StoreFact]
    public Task Runs_that_came_due_while_nothing_was_running_are_made_up_for_once() => MissesAsync("once", "Started");

    [StoreFact]
    public Task Runs_that_came_due_while_nothing_was_running_are_left_out_where_the_policy_says_so() => MissesAsync("skip", "Missed");

    private async Task MissesAsync(string missed, string outcome)
    {
        var scheduled = await OpenAsync();
        await scheduled.PutAsync(Reading("skip", missed), StoredSweep.DefaultProject, default);
        time.Advance(TimeSpan.FromDays(5));

        Assert.Equal(outcome, Assert.Single(await scheduled.RunDueAsync(default)).Outcome.ToString());
        Assert.Empty(await scheduled.RunDueAsync(default));
    }

    [StoreFact]
    public async Task A_clock_that_is_put_forward_and_back_runs_nothing_twice_and_leaves_nothing_out()
    {
        var scheduled = await OpenAsync();
        var schedule = await scheduled.PutAsync(Reading("skip"), StoredSweep.DefaultProject, default);
        time.Advance(TimeSpan.FromMinutes(90));

        // An hour forward, over the time at which it is due, and back.
        time.Jump(TimeSpan.FromHours(1));
        var run = Assert.Single(await scheduled.RunDueAsync(default));
        Assert.Equal((ScheduleOutcome.Started, new DateTimeOffset(2026, 1, 1, 2, 0, 0, TimeSpan.Zero)), (run.Outcome, run.DueAt));
        time.Jump(TimeSpan.FromHours(-1));
        Assert.Empty(await scheduled.CountAnewAsync(default));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Empty(await scheduled.RunDueAsync(default));
        await stores.Sweeps.ChangeSweepAsync(run.Sweep!.Value, SweepState.Queued, SweepState.Cancelled, "done", default);

        // A week forward: its runs are made up for once. Back: the nights between are due again, that one is not.
        time.Jump(TimeSpan.FromDays(7));
        var late = Assert.Single(await scheduled.RunDueAsync(default));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 2, 0, 0, TimeSpan.Zero), late.DueAt);
        await stores.Sweeps.ChangeSweepAsync(late.Sweep!.Value, SweepState.Queued, SweepState.Cancelled, "done", default);
        time.Jump(TimeSpan.FromDays(-7));
        Assert.Equal(new DateTimeOffset(2026, 1, 3, 2, 0, 0, TimeSpan.Zero), Assert.Single(await scheduled.CountAnewAsync(default)).NextAt);
        Assert.Empty(await scheduled.CountAnewAsync(default));
        time.Advance(TimeSpan.FromHours(47.5));
        Assert.Equal(new DateTimeOffset(2026, 1, 3, 2, 0, 0, TimeSpan.Zero), Assert.Single(await scheduled.RunDueAsync(default)).DueAt);
        Assert.Equal(3, (await Store().HistoryAsync(schedule.Id, 10, default)).Length);
    }

    [StoreFact]
    public async Task A_paused_schedule_is_not_due_and_goes_on_with_the_next_time()
    {
        var scheduled = await OpenAsync();
        var schedule = await scheduled.PutAsync(Reading("skip"), StoredSweep.DefaultProject, default);
        Assert.True(await scheduled.PauseAsync(schedule.Id, paused: true, default));
        time.Advance(TimeSpan.FromDays(3));
        Assert.Empty(await scheduled.RunDueAsync(default));

        Assert.True(await scheduled.PauseAsync(schedule.Id, paused: false, default));
        Assert.Empty(await scheduled.RunDueAsync(default));
        Assert.Equal(new DateTimeOffset(2026, 1, 4, 2, 0, 0, TimeSpan.Zero), (await Store().FindAsync(schedule.Id, default))!.NextAt);
        Assert.Equal(ScheduleOutcome.Started, (await scheduled.RunNowAsync(schedule.Id, default))!.Outcome);
    }

    [StoreFact]
    public async Task Once_a_recommendation_is_accepted_a_night_only_asks_whether_it_still_holds()
    {
        var scheduled = await OpenAsync();
        var reading = Reading("skip");
        await scheduled.PutAsync(reading, StoredSweep.DefaultProject, default);
        await stores.Gate.AcceptAsync(StoredSweep.DefaultProject, reading.Sweep!.Name, reading.Sweep.Baseline!, new SweepId("earlier"), default);
        time.Advance(TimeSpan.FromHours(2));

        var run = Assert.Single(await scheduled.RunDueAsync(default));

        var sweep = (await stores.Sweeps.FindSweepAsync(run.Sweep!.Value, default))!;
        Assert.Equal(reading.Sweep.Baseline, CandidateText.Read(sweep.Gate!));
        Assert.NotEqual(reading.Sweep.Fingerprint, sweep.Fingerprint);
    }

    [StoreFact]
    public async Task The_run_after_a_night_that_failed_searches_again_once_and_then_the_nights_go_on()
    {
        var scheduled = await OpenAsync();
        var reading = Reading("skip");
        var name = reading.Sweep!.Name;
        await scheduled.PutAsync(reading, StoredSweep.DefaultProject, default);
        await stores.Gate.AcceptAsync(StoredSweep.DefaultProject, name, reading.Sweep.Baseline!, new SweepId("earlier"), default);
        var kinds = new List<bool>();
        for (var night = 0; night < 4; night++)
        {
            time.Advance(TimeSpan.FromHours(night == 0 ? 2 : 24));
            var run = Assert.Single(await scheduled.RunDueAsync(default));
            var sweep = (await stores.Sweeps.FindSweepAsync(run.Sweep!.Value, default))!;
            kinds.Add(sweep.Gate is not null);
            await stores.Sweeps.ChangeSweepAsync(sweep.Id, SweepState.Queued, SweepState.Cancelled, "done", default);
            if (night == 0)
            {
                await stores.Gate.AddAsync(
                    new GateRun
                    {
                        Sweep = sweep.Id,
                        Project = sweep.Project,
                        Name = name,
                        Candidate = reading.Sweep.Baseline!,
                        At = time.GetUtcNow(),
                        Report = new GateReport(GateVerdict.Fail, "p99: +15 %", []),
                        Nights = ImmutableSortedDictionary<string, GateNight>.Empty,
                    },
                    default);
            }
        }

        Assert.Equal([true, false, true, true], kinds);
    }

    private SweepReading Reading(string overlap, string missed = "once")
    {
        var path = Path.Combine(folder, "nightly.yaml");
        File.WriteAllText(path, $"{SimulatedSweeps.Text(1)}\nschedule: {{ cron: \"0 2 * * *\", overlap: {overlap}, missed: {missed} }}\n");
        var reading = SweepFile.Load(path, ShippedPrices.Load());
        Assert.True(reading.IsValid, string.Join('\n', reading.Problems.Select(problem => problem.Describe(path))));
        return reading;
    }

    private ScheduleStore Store() => new(stores.Database);

    private async Task<ScheduledSweeps> OpenAsync()
    {
        stores = new SweepStores(await OpenAsync(time));
        var bus = new ProgressBus();
        var start = new ScheduledStart(Store(), new SweepIntake(stores.Sweeps, bus, time), stores.Gate, new OwnSweeps(), time);
        return new ScheduledSweeps(Store(), stores.Sweeps, new SweepControl(stores.Sweeps, bus), start, time);
    }
}

public sealed class SqliteScheduledSweepsTests() : ScheduledSweepsContract(new SqlitePlace());

[NeedsPostgres]
public sealed class PostgresScheduledSweepsTests() : ScheduledSweepsContract(new PostgresPlace());
