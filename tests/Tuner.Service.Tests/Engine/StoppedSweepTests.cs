using Tuner.Core.Planning;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Engine;
using Tuner.Service.Storage;
using Tuner.Testing.Sweeps;

namespace Tuner.Service.Tests.Engine;

/// <summary>What becomes of a sweep and its trials when something ends the work on it.</summary>
public sealed class StoppedSweepTests : SweepExecutorScene
{
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
}
