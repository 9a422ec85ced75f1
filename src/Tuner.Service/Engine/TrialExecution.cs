using Tuner.Core.Planning;
using Tuner.Core.Trials;
using Tuner.Service.Storage;

namespace Tuner.Service.Engine;

/// <summary>Takes one trial through its states, each stored before it is acted on.</summary>
internal sealed class TrialExecution(ISweepStore store, ITrialRunner runner, TimeProvider time, SweepWork work, ISweepObserver observer)
{
    private CancellationToken Leaving => work.Leaving;

    /// <summary>Stores the intent; the number makes a trial that is added twice visible.</summary>
    public async Task<Trial> AddAsync(IReadOnlyList<Trial> trials, SweepStep.Start start, CancellationToken cancellationToken)
    {
        var number = trials.Count == 0 ? 1 : trials.Max(trial => trial.Number) + 1;
        var now = time.GetUtcNow();
        var trial = new Trial
        {
            Id = new TrialId($"{work.Claim.Id}-{number}"),
            Number = number,
            Candidate = start.Candidate,
            Purpose = start.Purpose,
            State = new TrialState.Pending(),
            CreatedAt = now,
            ChangedAt = now,
        };
        return await store.AddTrialAsync(work.Claim, trial, start.Why, cancellationToken) ? trial : throw new LostClaimException(work.Claim);
    }

    /// <param name="pending">A new trial, or one that was left in the middle and is picked up.</param>
    /// <param name="trials">Those of the sweep before it.</param>
    public async Task RunAsync(Trial pending, IReadOnlyList<Trial> trials, string why, TimeLimit? limit, CancellationToken cancellationToken)
    {
        using var budget = new CancellationTokenSource(limit is null ? Timeout.InfiniteTimeSpan : Positive(limit.Duration), time);
        using var ended = new CancellationTokenSource();

        // Each on a thread of its own: a candidate's end waits for nothing else that the same token ends.
        using var stopped = cancellationToken.Register(() => _ = ended.CancelAsync());
        using var ranOut = budget.Token.Register(() => _ = ended.CancelAsync());
        using var cancelled = work.Orders.Cancelled.Register(() => _ = ended.CancelAsync());
        var progress = new StoredProgress(this, observer, pending.State is TrialState.Pending ? await MoveAsync(pending, new TrialState.Deploying(), why) : pending);
        observer.TrialStarted(progress.Trial, why);

        var outcome = await OutcomeAsync(progress, trials, ended.Token);
        await progress.StoredAsync();
        var state = outcome.State switch
        {
            // It goes on without this process, and stays stored as it is.
            TrialState.Pending or TrialState.Deploying or TrialState.Measuring => throw new OperationCanceledException($"Trial {pending.Id} goes on.", cancellationToken),
            TrialState.Interrupted interrupted when cancellationToken.IsCancellationRequested => interrupted with { ByRestart = true },
            TrialState.Interrupted when work.Orders.CancelReason is { } reason => new TrialState.Cancelled(reason),
            TrialState.Interrupted when budget.IsCancellationRequested => new TrialState.Cancelled($"The {limit!.Budget} budget ran out during the trial."),
            var ending => ending,
        };
        if (progress.Trial.State is TrialState.Deploying && state is TrialState.Measured)
        {
            await progress.MeasuringAsync(CancellationToken.None);
        }

        observer.TrialEnded(await MoveAsync(progress.Trial, state, Reason(state), outcome.Deployed));
    }

    private async Task<TrialOutcome> OutcomeAsync(StoredProgress progress, IReadOnlyList<Trial> trials, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        try
        {
            var asked = progress.Trial.Purpose is TrialPurpose.Envelope ? EnvelopeProbe.Of(work.Sweep) : Screening.For(work.Sweep, progress.Trial, trials);
            return await runner.RunAsync(asked, progress.Trial, progress, cancellationToken);
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
        return await store.ChangeTrialAsync(work.Claim, before, to, reason, CancellationToken.None) ? to : throw new LostClaimException(work.Claim);
    }

    internal static TimeSpan Positive(TimeSpan duration) => duration < TimeSpan.Zero ? TimeSpan.Zero : duration;

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
        private Task? measuring;

        public Trial Trial { get; private set; } = trial;

        public CancellationToken Leaving => execution.Leaving;

        /// <summary>A store that is out of reach must not keep a candidate alive: who is told to stop waits for it no longer.</summary>
        public Task MeasuringAsync(CancellationToken cancellationToken) => (measuring ??= StoreMeasuringAsync()).WaitAsync(cancellationToken);

        /// <summary>Until nothing is being stored any more; whether that succeeded shows when the trial's end is stored.</summary>
        public async Task StoredAsync() => await (measuring ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        public void Progress(TrialProgress progress) => watcher.TrialProgressed(Trial, progress);

        private async Task StoreMeasuringAsync() =>
            Trial = Trial.State is TrialState.Measuring ? Trial : await execution.MoveAsync(Trial, new TrialState.Measuring(), "the candidate is ready");
    }
}
