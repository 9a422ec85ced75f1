using Microsoft.Extensions.Logging.Abstractions;
using Tuner.Core.Planning;
using Tuner.Core.Recommending;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Search;
using Tuner.Service.Engine;
using Tuner.Service.Engine.Progress;
using Tuner.Service.Storage;
using Tuner.Service.Telemetry;
using Tuner.Testing.Sweeps;
using Tuner.Testing.Time;

namespace Tuner.Service.Tests.Engine;

public sealed class SweepExecutorTests : IDisposable
{
    private static readonly SweepId Id = new("small-1");

    private readonly string folder = Directory.CreateTempSubdirectory("tuner-engine-").FullName;

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Runs_a_sweep_to_its_end_and_stores_every_state()
    {
        var (stores, sweep) = await SubmitAsync("whole");
        var runner = new ScriptedRunner(ThreeWorkersAreEnough);

        var stop = (await RunAsync(stores, runner, sweep, default)).Stop!;

        Assert.Equal(StopKind.Decided, stop.Kind);
        Assert.Equal(1, runner.LeftoverChecks);
        var trials = await stores.Sweeps.TrialsAsync(Id, default);
        Assert.All(trials, trial => Assert.IsType<TrialState.Measured>(trial.State));
        Assert.Equal(trials.Select(trial => trial.Id), runner.Ran);
        Assert.Equal(SweepState.Finished, (await stores.Sweeps.FindSweepAsync(Id, default))!.State);
        Assert.Equal(SmallSweep.Workers(3), Winner(sweep, trials, stop));
    }

    [Fact]
    public async Task Gives_the_same_answer_when_it_dies_at_any_write_and_goes_on()
    {
        var undisturbed = await RunWithCrashAsync("undisturbed", int.MaxValue, afterWriting: false);
        for (var write = 0; write < undisturbed.Writes; write++)
        {
            foreach (var after in new[] { false, true })
            {
                var crashed = await RunWithCrashAsync($"crash-{write}-{after}", write, after);
                Assert.Equal(undisturbed.Winner, crashed.Winner);
                Assert.Equal(undisturbed.Measured, crashed.Measured);
            }
        }
    }

    [Fact]
    public async Task Picks_up_the_trials_of_a_runner_that_went_on_meanwhile_so_that_none_is_repeated()
    {
        var undisturbed = await RunWithCrashAsync("undisturbed-elsewhere", int.MaxValue, afterWriting: false, picksUp: true);
        for (var write = 0; write < undisturbed.Writes; write += 3)
        {
            var crashed = await RunWithCrashAsync($"elsewhere-{write}", write, afterWriting: true, picksUp: true);
            Assert.Equal(undisturbed, crashed);
        }
    }

    [Fact]
    public async Task A_candidate_that_is_to_end_does_not_wait_for_a_store_that_does_not_answer()
    {
        var (stores, sweep) = await SubmitAsync("silent-store");
        var (asked, answers) = (new TaskCompletionSource(), new TaskCompletionSource());
        var silent = new CrashingStore(stores.Sweeps, int.MaxValue, afterWriting: false)
        {
            BeforeChange = trial =>
            {
                if (trial.State is not TrialState.Measuring)
                {
                    return Task.CompletedTask;
                }

                asked.SetResult();
                return answers.Task;
            },
        };
        using var lost = new CancellationTokenSource();
        var runner = new TellingRunner();
        var run = RunAsync(stores, runner, sweep, lost.Token, through: silent);
        await asked.Task;

        await lost.CancelAsync();
        await runner.Gone.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal("Deploying", Assert.Single(await stores.Sweeps.TrialsAsync(Id, default)).State.Name);

        // What was on its way is stored first, then the end: no change is lost and none comes out of turn.
        answers.SetResult();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        var trial = Assert.Single(await stores.Sweeps.TrialsAsync(Id, default));
        Assert.True(Assert.IsType<TrialState.Interrupted>(trial.State).ByRestart);
        Assert.Equal(["Pending", "Deploying", "Measuring", "Interrupted"], (await stores.Sweeps.TrialHistoryAsync(trial.Id, default)).Select(change => change.To));
    }

    [Fact]
    public async Task Stops_cleanly_and_goes_on_later()
    {
        var (stores, sweep) = await SubmitAsync("stopped");
        using var stop = new CancellationTokenSource();
        var hanging = new ScriptedRunner(ThreeWorkersAreEnough) { Hangs = trial => Cancel(trial.Number == 3, stop) };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(stores, hanging, sweep, stop.Token));

        var interrupted = (await stores.Sweeps.TrialsAsync(Id, default))[^1];
        Assert.True(Assert.IsType<TrialState.Interrupted>(interrupted.State).ByRestart);
        Assert.Equal(SweepState.Running, (await stores.Sweeps.FindSweepAsync(Id, default))!.State);

        var ending = await RunAsync(stores, new ScriptedRunner(ThreeWorkersAreEnough), sweep, default);
        Assert.Equal(SmallSweep.Workers(3), Winner(sweep, await stores.Sweeps.TrialsAsync(Id, default), ending.Stop!));
    }

    [Fact]
    public async Task A_trial_that_can_go_on_is_left_as_it_is_and_picked_up_under_its_id()
    {
        var (stores, sweep) = await SubmitAsync("left");
        using var stop = new CancellationTokenSource();
        var leaving = new ScriptedRunner(ThreeWorkersAreEnough) { PicksUp = true, Hangs = trial => Cancel(trial.Number == 3, stop) };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(stores, leaving, sweep, stop.Token, leaving: stop.Token));

        var left = (await stores.Sweeps.TrialsAsync(Id, default))[^1];
        Assert.IsType<TrialState.Measuring>(left.State);
        var next = new ScriptedRunner(ThreeWorkersAreEnough) { PicksUp = true };
        var ending = await RunAsync(stores, next, sweep, default);
        Assert.Equal(left.Id, next.Ran.First());
        Assert.Equal(SmallSweep.Workers(3), Winner(sweep, await stores.Sweeps.TrialsAsync(Id, default), ending.Stop!));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_stands_around_a_runner_picks_up_as_it_does(bool picksUp)
    {
        var (stores, _) = await SubmitAsync($"around-{picksUp}");
        var inner = new ScriptedRunner(ThreeWorkersAreEnough) { PicksUp = picksUp };
        var claim = (await stores.Claims.ClaimAsync(Id, "node", TimeSpan.FromMinutes(1), default))!;
        using var meter = new TunerMeter();
        using var spans = new SweepSpans(new ProgressBus(), meter, NullLogger<SweepSpans>.Instance);
        var observed = new ObservedRunner(inner, spans, meter, NullLogger<ObservedRunner>.Instance);

        Assert.Equal(picksUp, new PooledTrialRunner(observed, stores.Slots, stores.Database, "pool", claim, TimeProvider.System).PicksUp);
    }

    [Fact]
    public async Task Ends_a_trial_that_breaks_the_wall_time()
    {
        var (stores, sweep) = await SubmitAsync("wall", new SweepBudget { WallTime = TimeSpan.FromSeconds(60) });
        sweep = sweep with { Verification = sweep.Verification with { Repeats = 0 } };
        var time = new ManualTime();
        var hangs = new TaskCompletionSource();
        var runner = new ScriptedRunner(ThreeWorkersAreEnough) { Hangs = _ => hangs.TrySetResult() };

        var run = RunAsync(stores, runner, sweep, default, time: time);
        await hangs.Task;
        while (!run.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        var stop = (await run).Stop!;
        var trial = Assert.Single(await stores.Sweeps.TrialsAsync(Id, default));
        Assert.Contains("wall time", Assert.IsType<TrialState.Cancelled>(trial.State).Reason, StringComparison.Ordinal);
        Assert.Equal(StopKind.TimeBudget, stop.Kind);
    }

    [Fact]
    public async Task Runs_trials_side_by_side_where_the_budget_says_so()
    {
        var (stores, sweep) = await SubmitAsync("parallel", new SweepBudget { Parallel = 3 });

        var stop = (await RunAsync(stores, new ScriptedRunner(ThreeWorkersAreEnough), sweep, default)).Stop!;

        var trials = await stores.Sweeps.TrialsAsync(Id, default);
        Assert.Equal(SmallSweep.Workers(3), Winner(sweep, trials, stop));
        Assert.Equal(trials.Length, trials.Select(trial => trial.Number).Distinct().Count());
    }

    [Fact]
    public async Task Starts_nothing_more_once_it_is_paused_and_goes_on_when_it_is_resumed()
    {
        var (stores, sweep) = await SubmitAsync("paused");
        using var orders = new SweepOrders();
        var pausing = new ScriptedRunner(candidate =>
        {
            orders.Take(SweepRequest.Pause, "the machine is needed");
            return ThreeWorkersAreEnough(candidate);
        });

        var paused = await RunAsync(stores, pausing, sweep, default, orders: orders);

        Assert.Equal(new SweepEnding(SweepState.Paused, "the machine is needed"), paused);
        Assert.IsType<TrialState.Measured>(Assert.Single(await stores.Sweeps.TrialsAsync(Id, default)).State);

        Assert.True(await stores.Sweeps.ChangeSweepAsync(Id, SweepState.Paused, SweepState.Queued, "go on", default));
        var ended = await RunAsync(stores, new ScriptedRunner(ThreeWorkersAreEnough), sweep, default);
        Assert.Equal(SmallSweep.Workers(3), Winner(sweep, await stores.Sweeps.TrialsAsync(Id, default), ended.Stop!));
    }

    [Fact]
    public async Task Cancelling_ends_the_running_trial_and_the_sweep()
    {
        var (stores, sweep) = await SubmitAsync("cancelled");
        using var orders = new SweepOrders();
        var hanging = new ScriptedRunner(ThreeWorkersAreEnough)
        {
            Hangs = _ =>
            {
                orders.Take(SweepRequest.Cancel, "no longer wanted");
                return true;
            },
        };

        var ending = await RunAsync(stores, hanging, sweep, default, orders: orders);

        Assert.Equal(SweepState.Cancelled, ending.State);
        Assert.Equal("no longer wanted", Assert.IsType<TrialState.Cancelled>(Assert.Single(await stores.Sweeps.TrialsAsync(Id, default)).State).Reason);
        Assert.Equal(SweepState.Cancelled, (await stores.Sweeps.FindSweepAsync(Id, default))!.State);
    }

    [Fact]
    public async Task Stops_at_the_first_write_that_comes_under_an_old_claim()
    {
        var (stores, sweep) = await SubmitAsync("taken");
        var taken = new ScriptedRunner(candidate =>
        {
            stores.Claims.EndLeasesAsync("node", default).GetAwaiter().GetResult();
            Assert.NotNull(stores.Claims.ClaimAsync(Id, "another", TimeSpan.FromMinutes(1), default).GetAwaiter().GetResult());
            return ThreeWorkersAreEnough(candidate);
        });

        await Assert.ThrowsAsync<LostClaimException>(() => RunAsync(stores, taken, sweep, default));

        Assert.IsType<TrialState.Measuring>(Assert.Single(await stores.Sweeps.TrialsAsync(Id, default)).State);
        Assert.Equal("another", (await stores.Sweeps.FindSweepAsync(Id, default))!.Node);
    }

    private static bool Cancel(bool now, CancellationTokenSource source)
    {
        if (now)
        {
            source.Cancel();
        }

        return now;
    }

    private static TrialState ThreeWorkersAreEnough(Candidate candidate) =>
        new TrialState.Measured(SmallSweep.Steady(candidate["workers"].Number >= 3 ? 20 : 400));

    /// <summary>Claims the sweep, as if whoever had it before were known to be dead, and runs it.</summary>
    private static async Task<SweepEnding> RunAsync(
        SweepStores stores, ITrialRunner runner, Sweep sweep, CancellationToken cancellationToken, ISweepStore? through = null, SweepOrders? orders = null, TimeProvider? time = null, CancellationToken leaving = default)
    {
        await stores.Claims.EndLeasesAsync("node", default);
        var claim = (await stores.Claims.ClaimAsync(Id, "node", TimeSpan.FromMinutes(1), default))!;
        var stored = (await stores.Sweeps.FindSweepAsync(Id, default))!;
        var work = new SweepWork
        {
            Claim = claim,
            Sweep = sweep,
            Clock = new RunningClock(stored.Running, time ?? TimeProvider.System),
            Orders = orders ?? new SweepOrders(),
            SeenAt = stored.SeenAt,
            Leaving = leaving,
        };
        return await new SweepExecutor(through ?? stores.Sweeps, runner, SearchStrategies.Find("grid")!, time ?? TimeProvider.System)
            .RunAsync(work, new Silent(), cancellationToken);
    }

    private static Candidate? Winner(Sweep sweep, IReadOnlyList<Trial> trials, StopReason stop) =>
        (Recommender.Recommend(sweep, trials, stop) as Recommendation.Use)?.Winner.Candidate;

    private async Task<(Candidate? Winner, string Measured, int Writes)> RunWithCrashAsync(string name, int write, bool afterWriting, bool picksUp = false)
    {
        var (stores, sweep) = await SubmitAsync(name);
        var crashing = new CrashingStore(stores.Sweeps, write, afterWriting);
        var runner = new ScriptedRunner(ThreeWorkersAreEnough) { PicksUp = picksUp };
        StopReason stop;
        try
        {
            stop = (await RunAsync(stores, runner, sweep, default, through: crashing)).Stop!;
        }
        catch (CrashException)
        {
            var now = (await stores.Sweeps.FindSweepAsync(Id, default))!;
            stop = now.Stop ?? (await RunAsync(stores, runner, sweep, default)).Stop!;
        }

        var trials = await stores.Sweeps.TrialsAsync(Id, default);
        var measured = trials.Where(trial => trial.State is TrialState.Measured).Select(trial => $"{trial.Purpose} {trial.Candidate}");
        return (Winner(sweep, trials, stop), string.Join("; ", measured), (trials.Length * 4) + 1);
    }

    private async Task<(SweepStores Stores, Sweep Sweep)> SubmitAsync(string name, SweepBudget? budget = null)
    {
        var stores = new SweepStores(await SqliteDatabase.OpenAsync(Path.Combine(folder, name + ".db"), default));
        var now = DateTimeOffset.UnixEpoch;
        await stores.Sweeps.AddSweepAsync(
            new StoredSweep { Id = Id, Name = "small", Fingerprint = "small", State = SweepState.Queued, Reason = "submitted", CreatedAt = now, ChangedAt = now, SeenAt = now },
            "",
            default);
        return (stores, SmallSweep.Create(baseline: 6, budget: budget));
    }

    /// <summary>Tells when a candidate that it was told to stop is gone.</summary>
    private sealed class TellingRunner : ITrialRunner
    {
        private readonly TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Gone => gone.Task;

        public async Task<TrialOutcome> RunAsync(Sweep sweep, Trial trial, ITrialObserver observer, CancellationToken cancellationToken)
        {
            try
            {
                await observer.MeasuringAsync(cancellationToken);
                throw new InvalidOperationException("nobody stopped it");
            }
            finally
            {
                gone.SetResult();
            }
        }

        public Task<IReadOnlyList<string>> RemoveLeftoversAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);
    }

    private sealed class Silent : ISweepObserver
    {
        public void TrialStarted(Trial trial, string why)
        {
        }

        public void TrialProgressed(Trial trial, TrialProgress progress)
        {
        }

        public void TrialEnded(Trial trial)
        {
        }

        public void Noted(string message)
        {
        }
    }
}
