using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Testing.Sweeps;

namespace Tuner.Service.Tests.Api;

/// <summary>Holds every trial until the gate is opened.</summary>
internal sealed class GatedRunner : ITrialRunner
{
    private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim held = new(0);
    private ITrialObserver? observer;

    /// <summary>Ends when the first trial is under load.</summary>
    public Task Started => started.Task;

    /// <summary>Gives a glimpse of the trial that is held.</summary>
    public void Glimpse() => observer!.Progress(new TrialProgress("phase steady", 0.5, 100, TimeSpan.FromMilliseconds(20), 0));

    public void Open() => held.Release(1000);

    /// <summary>Lets one trial end.</summary>
    public void OpenForOne() => held.Release();

    public async Task<TrialOutcome> RunAsync(Sweep sweep, Trial trial, ITrialObserver observer, CancellationToken cancellationToken)
    {
        await observer.MeasuringAsync(cancellationToken);
        this.observer = observer;
        started.TrySetResult();
        try
        {
            await held.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return new TrialOutcome(new TrialState.Interrupted("stopped"), TimeSpan.FromSeconds(1));
        }

        return new TrialOutcome(new TrialState.Measured(SmallSweep.Steady(milliseconds: 20)), TimeSpan.FromSeconds(25));
    }

    public Task<IReadOnlyList<string>> RemoveLeftoversAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);
}
