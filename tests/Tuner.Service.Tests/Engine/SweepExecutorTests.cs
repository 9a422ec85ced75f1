using Tuner.Core.Planning;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Storage;
using Tuner.Testing.Sweeps;
using Tuner.Testing.Time;

namespace Tuner.Service.Tests.Engine;

public sealed class SweepExecutorTests : SweepExecutorScene
{
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
}
