using System.Collections.Concurrent;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Service.Tests.Engine;

/// <summary>Ends each trial as the test says, and notes what it was asked to run.</summary>
internal sealed class ScriptedRunner(Func<Candidate, TrialState> outcome) : ITrialRunner
{
    public ConcurrentQueue<TrialId> Ran { get; } = [];

    public bool PicksUp { get; init; }

    public int LeftoverChecks { get; private set; }

    /// <summary>When set, a trial waits for its cancellation instead of ending.</summary>
    public Func<Trial, bool> Hangs { get; init; } = _ => false;

    public async Task<TrialOutcome> RunAsync(Sweep sweep, Trial trial, ITrialObserver observer, CancellationToken cancellationToken)
    {
        Ran.Enqueue(trial.Id);
        await observer.MeasuringAsync(cancellationToken);
        observer.Progress(new TrialProgress("load", 0.5));
        if (Hangs(trial))
        {
            var cancelled = new TaskCompletionSource();
            await using var registration = cancellationToken.Register(cancelled.SetResult);
            await cancelled.Task;
            if (PicksUp && observer.Leaving.IsCancellationRequested)
            {
                return new TrialOutcome(trial.State, TimeSpan.FromSeconds(3));
            }

            return new TrialOutcome(new TrialState.Interrupted("stopped"), TimeSpan.FromSeconds(3));
        }

        return new TrialOutcome(outcome(trial.Candidate), TimeSpan.FromSeconds(5));
    }

    public Task<IReadOnlyList<string>> RemoveLeftoversAsync(CancellationToken cancellationToken)
    {
        LeftoverChecks++;
        return Task.FromResult<IReadOnlyList<string>>([]);
    }
}
