using Tuner.Core.Planning;
using Tuner.Core.Search;
using Tuner.Core.Trials;
using Tuner.Service.Storage;

namespace Tuner.Service.Engine;

/// <summary>
/// The thin loop around the planner: read what is stored, ask for the next step, store the intent, act. Killed at any
/// point, the next run reads the same trials and goes on.
/// </summary>
public sealed class SweepExecutor(ISweepStore store, ITrialRunner runner, ISearchStrategy strategy, TimeProvider time)
{
    /// <summary>A node was heard of at most so long before the trial that it had begun last, unless its clock was put back.</summary>
    private static readonly TimeSpan Behind = TimeSpan.FromMinutes(1);

    /// <summary>Runs the sweep until it ends, or until its orders say otherwise; the end is stored, and the claim with it.</summary>
    /// <exception cref="OperationCanceledException">It was stopped; every running trial is stored as interrupted and the sweep can go on later.</exception>
    /// <exception cref="LostClaimException">Another node works on the sweep now.</exception>
    public async Task<SweepEnding> RunAsync(SweepWork work, ISweepObserver observer, CancellationToken cancellationToken)
    {
        foreach (var leftover in await runner.RemoveLeftoversAsync(cancellationToken))
        {
            observer.Noted(leftover);
        }

        var execution = new TrialExecution(store, runner, time, work, observer);
        var running = runner.PicksUp ? await PickUpAsync(work, execution, cancellationToken) : [];
        if (!runner.PicksUp)
        {
            await InterruptAbandonedAsync(work, cancellationToken);
        }

        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var changed = work.Orders.Changed;
                if (await ObeyAsync(work, running) is { } ending)
                {
                    return ending;
                }

                var trials = await store.TrialsAsync(work.Claim.Id, cancellationToken);
                switch (await NextAsync(work, trials, cancellationToken))
                {
                    case SweepStep.Start start:
                        var pending = await execution.AddAsync(trials, start, cancellationToken);
                        var limit = TimeLimit.Of(work.Sweep, trials, start.Candidate, work.Clock.Running);
                        running.Add(execution.RunAsync(pending, trials, start.Why, limit, cancellationToken));
                        break;
                    case SweepStep.Wait:
                        await Task.WhenAny([.. running, changed]);
                        await CollectAsync(running);
                        break;
                    case SweepStep.Finish finish:
                        return await EndAsync(work, new SweepEnding(SweepState.Finished, finish.Reason.Text, finish.Reason));
                }
            }
        }
        finally
        {
            // A trial takes its candidate away before it ends: nothing is left behind, whatever ended the loop.
            await Task.WhenAll(running);
        }
    }

    /// <summary>Takes those that have ended off the list; one that failed ends the loop.</summary>
    private static async Task CollectAsync(List<Task> running)
    {
        var ended = running.FindAll(task => task.IsCompleted);
        running.RemoveAll(ended.Contains);
        await Task.WhenAll(ended);
    }

    private async Task<SweepStep> NextAsync(SweepWork work, IReadOnlyList<Trial> trials, CancellationToken cancellationToken) => work.Orders.PauseReason is null
        ? await Planners.PlanAsync(() => SweepPlanner.Next(work.Sweep, trials, strategy, work.Clock.Running, work.History), cancellationToken)
        : new SweepStep.Wait();

    /// <summary>What was asked of the sweep, once no trial of it runs any more; null to go on.</summary>
    private async Task<SweepEnding?> ObeyAsync(SweepWork work, List<Task> running)
    {
        if (work.Orders.CancelReason is { } cancelled)
        {
            await Task.WhenAll(running);
            return await EndAsync(work, new SweepEnding(SweepState.Cancelled, cancelled, new StopReason(StopKind.Cancelled, cancelled)));
        }

        return work.Orders.PauseReason is { } paused && running.Count == 0
            ? await EndAsync(work, new SweepEnding(SweepState.Paused, paused))
            : null;
    }

    private async Task<SweepEnding> EndAsync(SweepWork work, SweepEnding ending)
    {
        await work.StoreRunningTime();
        return await store.EndWorkAsync(work.Claim, ending.State, ending.Reason, ending.Stop, CancellationToken.None)
            ? ending
            : throw new LostClaimException(work.Claim);
    }

    /// <summary>Trials that went on while no process looked after them: each is found again under its id.</summary>
    private async Task<List<Task>> PickUpAsync(SweepWork work, TrialExecution execution, CancellationToken cancellationToken)
    {
        var trials = await store.TrialsAsync(work.Claim.Id, cancellationToken);
        return [.. trials.Where(trial => !trial.HasEnded).Select(trial =>
            execution.RunAsync(trial, trials, "picked up after a restart", TimeLimit.Of(work.Sweep, trials, trial.Candidate, work.Clock.Running), cancellationToken))];
    }

    /// <summary>Trials that an earlier process left in the middle: their candidates are gone, they are run again.</summary>
    private async Task InterruptAbandonedAsync(SweepWork work, CancellationToken cancellationToken)
    {
        var trials = await store.TrialsAsync(work.Claim.Id, cancellationToken);
        foreach (var trial in trials)
        {
            if (trial.HasEnded)
            {
                continue;
            }

            var interrupted = trial with
            {
                State = new TrialState.Interrupted(WhyAbandoned(work.Claim), ByRestart: true),
                Deployed = Deployed(work, trials, trial),
                ChangedAt = time.GetUtcNow(),
            };
            await store.ChangeTrialAsync(work.Claim, trial, interrupted, "found unfinished at start", cancellationToken);
        }
    }

    /// <summary>
    /// How long the candidate of an abandoned trial ran, as far as its node was heard of. Both times were read off a clock that
    /// may have been put forward or back between them: it is no more than the sweep was worked on beside its other trials.
    /// </summary>
    private static TimeSpan Deployed(SweepWork work, IReadOnlyList<Trial> trials, Trial trial)
    {
        var others = trials.Where(other => other.HasEnded).Aggregate(TimeSpan.Zero, (sum, other) => sum + other.Deployed);
        var most = work.Clock.Running - (others / work.Sweep.Budget.Parallel);
        var seen = work.SeenAt - trial.CreatedAt;
        return seen < -Behind || seen > most ? TrialExecution.Positive(most) : TrialExecution.Positive(seen);
    }

    private static string WhyAbandoned(SweepClaim claim) =>
        claim.TakenFrom is { } node && !NodeIdentity.IsKnownDead(node)
            ? $"{SweepClaim.Words(node)}, which ran it, stopped answering. A local candidate may still run there, unreachable, and holds its slot until that host is back or an operator frees the slot."
            : "Tuner was killed or stopped during the trial.";
}
