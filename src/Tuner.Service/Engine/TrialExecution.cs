using Tuner.Core.Planning;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Storage;

namespace Tuner.Service.Engine;

/// <summary>Takes one trial through its states, each stored before it is acted on.</summary>
internal sealed class TrialExecution(ISweepStore store, ITrialRunner runner, TimeProvider time, SweepId sweepId, Sweep sweep, ISweepObserver observer)
{
    /// <summary>Stores the intent; the number makes a trial that is added twice visible.</summary>
    public async Task<Trial> AddAsync(IReadOnlyList<Trial> trials, SweepStep.Start start, CancellationToken cancellationToken)
    {
        var number = trials.Count == 0 ? 1 : trials.Max(trial => trial.Number) + 1;
        var now = time.GetUtcNow();
        var trial = new Trial
        {
            Id = new TrialId($"{sweepId}-{number}"),
            Number = number,
            Candidate = start.Candidate,
            Purpose = start.Purpose,
            State = new TrialState.Pending(),
            CreatedAt = now,
            ChangedAt = now,
        };
        if (!await store.AddTrialAsync(sweepId, trial, start.Why, cancellationToken))
        {
            throw new InvalidOperationException($"Trial {trial.Id} exists already: another process works on this sweep.");
        }

        return trial;
    }

    public async Task RunAsync(Trial pending, string why, TimeLimit? limit, CancellationToken cancellationToken)
    {
        using var budget = new CancellationTokenSource(limit is null ? Timeout.InfiniteTimeSpan : Positive(limit.Duration), time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, budget.Token);
        var progress = new StoredProgress(this, observer, await MoveAsync(pending, new TrialState.Deploying(), why));
        observer.TrialStarted(progress.Trial, why);

        var outcome = await OutcomeAsync(progress, ended.Token);
        var state = outcome.State is TrialState.Interrupted interrupted
            ? budget.IsCancellationRequested && !cancellationToken.IsCancellationRequested
                ? new TrialState.Cancelled($"The {limit!.Budget} budget ran out during the trial.")
                : cancellationToken.IsCancellationRequested ? interrupted with { ByRestart = true } : interrupted
            : outcome.State;
        if (progress.Trial.State is TrialState.Deploying && state is TrialState.Measured)
        {
            await progress.MeasuringAsync(CancellationToken.None);
        }

        observer.TrialEnded(await MoveAsync(progress.Trial, state, Reason(state), outcome.Deployed));
    }

    private async Task<TrialOutcome> OutcomeAsync(StoredProgress progress, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        try
        {
            return await runner.RunAsync(sweep, progress.Trial, progress, cancellationToken);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The job loop: broken infrastructure ends this trial, not the sweep.
            return new TrialOutcome(new TrialState.Interrupted($"{exception.GetType().Name}: {exception.Message}"), time.GetElapsedTime(start));
        }
    }

    private async Task<Trial> MoveAsync(Trial before, TrialState state, string reason, TimeSpan deployed = default)
    {
        var to = before with { State = state, ChangedAt = time.GetUtcNow(), Deployed = deployed };

        // Not to be cancelled: what happened is stored even while Tuner is being stopped.
        return await store.ChangeTrialAsync(before, to, reason, CancellationToken.None)
            ? to
            : throw new InvalidOperationException($"Trial {before.Id} is no longer {before.State.Name}: another process changed it.");
    }

    private static TimeSpan Positive(TimeSpan duration) => duration < TimeSpan.Zero ? TimeSpan.Zero : duration;

    private static string Reason(TrialState state) => state switch
    {
        TrialState.Measured { Measurement.EndedEarly: { } early } => early,
        TrialState.Measured => "the load ran to its end",
        TrialState.Invalid invalid => invalid.Reason,
        TrialState.CandidateFailed failed => $"{failed.Kind}: {failed.Reason}",
        TrialState.Interrupted interrupted => interrupted.Cause,
        TrialState.Cancelled cancelled => cancelled.Reason,
        _ => state.Name,
    };

    /// <summary>Passes a runner's progress on, and stores the one move that happens inside a run.</summary>
    private sealed class StoredProgress(TrialExecution execution, ISweepObserver watcher, Trial trial) : ITrialObserver
    {
        public Trial Trial { get; private set; } = trial;

        public async Task MeasuringAsync(CancellationToken cancellationToken) =>
            Trial = await execution.MoveAsync(Trial, new TrialState.Measuring(), "the candidate is ready");

        public void Progress(TrialProgress progress) => watcher.TrialProgressed(Trial, progress);
    }
}
