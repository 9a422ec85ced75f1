using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Storage;

namespace Tuner.Service.Engine;

/// <summary>Lets a trial run only while it holds a slot of its sweep's pool.</summary>
internal sealed class PooledTrialRunner(ITrialRunner inner, SlotStore slots, Database database, string pool, SweepClaim claim, TimeProvider time) : ITrialRunner
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan PauseOfTrouble = TimeSpan.FromSeconds(2);

    public bool PicksUp => inner.PicksUp;

    public async Task<TrialOutcome> RunAsync(Sweep sweep, Trial trial, ITrialObserver observer, CancellationToken cancellationToken)
    {
        try
        {
            while (await slots.TakeAsync(pool, claim, trial.Id, cancellationToken) is null)
            {
                observer.Progress(new TrialProgress($"waiting for a slot in pool {pool}"));
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            GiveBack(trial.Id);
            return new TrialOutcome(new TrialState.Interrupted("It was stopped while it waited for a slot."), TimeSpan.Zero);
        }

        try
        {
            return await inner.RunAsync(sweep, trial, observer, cancellationToken);
        }
        finally
        {
            // The candidate is gone when the runner returns, whatever the outcome.
            await GiveBackAsync(trial.Id);
        }
    }

    public Task<IReadOnlyList<string>> RemoveLeftoversAsync(CancellationToken cancellationToken) => inner.RemoveLeftoversAsync(cancellationToken);

    private async Task GiveBackAsync(TrialId trial)
    {
        try
        {
            await slots.ReleaseAsync(pool, trial, claim.Node, CancellationToken.None);
        }
        catch (Exception exception) when (database.IsTransient(exception))
        {
            // Nobody waits for it here: the slot stays held until the database is back.
            GiveBack(trial);
        }
    }

    private void GiveBack(TrialId trial) => _ = Task.Run(async () =>
    {
        while (true)
        {
            try
            {
                await slots.ReleaseAsync(pool, trial, claim.Node, CancellationToken.None);
                return;
            }
            catch (Exception exception) when (database.IsTransient(exception))
            {
                await Task.Delay(PauseOfTrouble, time, CancellationToken.None);
            }
        }
    });
}
