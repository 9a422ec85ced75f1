using Tuner.Core.Planning;
using Tuner.Core.Recommending;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Search;
using Tuner.Service.Engine;
using Tuner.Service.Storage;
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
        var (store, sweep) = await SubmitAsync("whole");
        var runner = new ScriptedRunner(ThreeWorkersAreEnough);

        var stop = await Executor(store, runner).RunAsync((await store.FindSweepAsync(Id, default))!, sweep, new Silent(), default);

        Assert.Equal(StopKind.Decided, stop.Kind);
        Assert.Equal(1, runner.LeftoverChecks);
        var trials = await store.TrialsAsync(Id, default);
        Assert.All(trials, trial => Assert.IsType<TrialState.Measured>(trial.State));
        Assert.Equal(trials.Select(trial => trial.Id), runner.Ran);
        Assert.Equal(SweepState.Finished, (await store.FindSweepAsync(Id, default))!.State);
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
    public async Task Stops_cleanly_and_goes_on_later()
    {
        var (store, sweep) = await SubmitAsync("stopped");
        using var stop = new CancellationTokenSource();
        var hanging = new ScriptedRunner(ThreeWorkersAreEnough) { Hangs = trial => Cancel(trial.Number == 3, stop) };

        var stored = (await store.FindSweepAsync(Id, default))!;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Executor(store, hanging).RunAsync(stored, sweep, new Silent(), stop.Token));

        var interrupted = (await store.TrialsAsync(Id, default))[^1];
        Assert.True(Assert.IsType<TrialState.Interrupted>(interrupted.State).ByRestart);
        Assert.Equal(SweepState.Running, (await store.FindSweepAsync(Id, default))!.State);

        var reason = await Executor(store, new ScriptedRunner(ThreeWorkersAreEnough)).RunAsync(stored, sweep, new Silent(), default);
        Assert.Equal(SmallSweep.Workers(3), Winner(sweep, await store.TrialsAsync(Id, default), reason));
    }

    [Fact]
    public async Task Ends_a_trial_that_breaks_the_wall_time()
    {
        var (store, sweep) = await SubmitAsync("wall", new SweepBudget { WallTime = TimeSpan.FromSeconds(60) });
        sweep = sweep with { Verification = sweep.Verification with { Repeats = 0 } };
        var time = new ManualTime();
        var runner = new ScriptedRunner(ThreeWorkersAreEnough) { Hangs = _ => true };

        var stored = (await store.FindSweepAsync(Id, default))!;
        var run = new SweepExecutor(store, runner, SearchStrategies.Find("grid")!, time).RunAsync(stored, sweep, new Silent(), default);
        while (!run.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        var stop = await run;
        var trial = Assert.Single(await store.TrialsAsync(Id, default));
        Assert.Contains("wall time", Assert.IsType<TrialState.Cancelled>(trial.State).Reason, StringComparison.Ordinal);
        Assert.Equal(StopKind.TimeBudget, stop.Kind);
    }

    [Fact]
    public async Task Runs_trials_side_by_side_where_the_budget_says_so()
    {
        var (store, sweep) = await SubmitAsync("parallel", new SweepBudget { Parallel = 3 });

        var stop = await Executor(store, new ScriptedRunner(ThreeWorkersAreEnough)).RunAsync((await store.FindSweepAsync(Id, default))!, sweep, new Silent(), default);

        var trials = await store.TrialsAsync(Id, default);
        Assert.Equal(SmallSweep.Workers(3), Winner(sweep, trials, stop));
        Assert.Equal(trials.Length, trials.Select(trial => trial.Number).Distinct().Count());
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

    private static SweepExecutor Executor(ISweepStore store, ITrialRunner runner) =>
        new(store, runner, SearchStrategies.Find("grid")!, TimeProvider.System);

    private static Candidate? Winner(Sweep sweep, IReadOnlyList<Trial> trials, StopReason stop) =>
        (Recommender.Recommend(sweep, trials, stop) as Recommendation.Use)?.Winner.Candidate;

    private async Task<(Candidate? Winner, string Measured, int Writes)> RunWithCrashAsync(string name, int write, bool afterWriting)
    {
        var (store, sweep) = await SubmitAsync(name);
        var crashing = new CrashingStore(store, write, afterWriting);
        var runner = new ScriptedRunner(ThreeWorkersAreEnough);
        var stored = (await store.FindSweepAsync(Id, default))!;
        StopReason stop;
        try
        {
            stop = await Executor(crashing, runner).RunAsync(stored, sweep, new Silent(), default);
        }
        catch (CrashException)
        {
            var now = (await store.FindSweepAsync(Id, default))!;
            stop = now.Stop ?? await Executor(store, runner).RunAsync(now, sweep, new Silent(), default);
        }

        var trials = await store.TrialsAsync(Id, default);
        var measured = trials.Where(trial => trial.State is TrialState.Measured).Select(trial => $"{trial.Purpose} {trial.Candidate}");
        return (Winner(sweep, trials, stop), string.Join("; ", measured), (trials.Length * 4) + 1);
    }

    private async Task<(ISweepStore Store, Sweep Sweep)> SubmitAsync(string name, SweepBudget? budget = null)
    {
        var store = new SqliteSweepStore(await SqliteDatabase.OpenAsync(Path.Combine(folder, name + ".db"), default));
        var now = DateTimeOffset.UnixEpoch;
        await store.AddSweepAsync(
            new StoredSweep { Id = Id, Name = "small", Fingerprint = "small", Submission = "", State = SweepState.Running, Reason = "submitted", CreatedAt = now, ChangedAt = now, SeenAt = now },
            default);
        return (store, SmallSweep.Create(baseline: 6, budget: budget));
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
