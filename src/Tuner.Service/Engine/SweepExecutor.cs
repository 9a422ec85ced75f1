using Tuner.Core.Planning;
using Tuner.Core.Search;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Storage;

namespace Tuner.Service.Engine;

/// <summary>
/// The thin loop around the planner: read what is stored, ask for the next step, store the intent, act. Killed at any
/// point, the next run reads the same trials and goes on.
/// </summary>
public sealed class SweepExecutor(ISweepStore store, ITrialRunner runner, ISearchStrategy strategy, TimeProvider time)
{
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(1);

    /// <summary>Runs the sweep to its end.</summary>
    /// <returns>Why it ended.</returns>
    /// <exception cref="OperationCanceledException">It was stopped; every running trial is stored as interrupted and the sweep can go on later.</exception>
    public async Task<StopReason> RunAsync(StoredSweep stored, Sweep sweep, ISweepObserver observer, CancellationToken cancellationToken)
    {
        foreach (var leftover in await runner.RemoveLeftoversAsync(cancellationToken))
        {
            observer.Noted(leftover);
        }

        await InterruptAbandonedAsync(stored, cancellationToken);
        var clock = new RunningClock(store, stored, time);
        var execution = new TrialExecution(store, runner, time, stored.Id, sweep, observer);
        var running = new List<Task>();
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var trials = await store.TrialsAsync(stored.Id, cancellationToken);
                switch (SweepPlanner.Next(sweep, trials, strategy, clock.Running))
                {
                    case SweepStep.Start start:
                        var pending = await execution.AddAsync(trials, start, cancellationToken);
                        var limit = TimeLimit.Of(sweep, trials, start.Candidate, clock.Running);
                        running.Add(execution.RunAsync(pending, start.Why, limit, cancellationToken));
                        break;
                    case SweepStep.Wait:
                        await WaitAsync(running, clock);
                        break;
                    case SweepStep.Finish finish:
                        await clock.StoreAsync(cancellationToken);
                        await store.EndSweepAsync(stored.Id, SweepState.Finished, finish.Reason, time.GetUtcNow(), cancellationToken);
                        return finish.Reason;
                }
            }
        }
        finally
        {
            // A trial takes its candidate away before it ends: nothing is left behind, whatever ended the loop.
            await Task.WhenAll(running);
            await clock.StoreAsync(CancellationToken.None);
        }
    }

    /// <summary>Trials that an earlier process left in the middle: their candidates are gone, they are run again.</summary>
    private async Task InterruptAbandonedAsync(StoredSweep stored, CancellationToken cancellationToken)
    {
        foreach (var trial in await store.TrialsAsync(stored.Id, cancellationToken))
        {
            if (trial.HasEnded)
            {
                continue;
            }

            var interrupted = trial with
            {
                State = new TrialState.Interrupted("Tuner was stopped during the trial.", ByRestart: true),
                Deployed = stored.SeenAt > trial.CreatedAt ? stored.SeenAt - trial.CreatedAt : TimeSpan.Zero,
                ChangedAt = time.GetUtcNow(),
            };
            await store.ChangeTrialAsync(trial, interrupted, "found unfinished at start", cancellationToken);
        }
    }

    private async Task WaitAsync(List<Task> running, RunningClock clock)
    {
        var sign = Task.Delay(SignOfLife, time, CancellationToken.None);
        await await Task.WhenAny([.. running, sign]);
        running.RemoveAll(task => task.IsCompleted);
        await clock.StoreAsync(CancellationToken.None);
    }
}
