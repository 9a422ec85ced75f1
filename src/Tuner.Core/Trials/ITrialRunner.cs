using Tuner.Core.Sweeps;

namespace Tuner.Core.Trials;

/// <summary>The only effects of a sweep: deploys a candidate, puts it under load, takes it away.</summary>
public interface ITrialRunner
{
    /// <summary>
    /// Whether trials go on while Tuner is away: one that was found unfinished at start is then run again under its own id,
    /// and picked up where it is.
    /// </summary>
    bool PicksUp => false;

    /// <summary>
    /// Runs one trial to its end. The candidate is gone when this returns, whatever the outcome. Expected failures are
    /// returned as states; a cancelled token ends in <see cref="TrialState.Interrupted"/> or <see cref="TrialState.Cancelled"/>,
    /// never in an exception. A runner that picks up returns a state that has not ended where
    /// <see cref="ITrialObserver.Leaving"/> is cancelled: its trial goes on, and is somebody else's now.
    /// </summary>
    Task<TrialOutcome> RunAsync(Sweep sweep, Trial trial, ITrialObserver observer, CancellationToken cancellationToken);

    /// <summary>
    /// Removes what trials of an earlier, killed run of this store left behind; returns what it removed, for the log.
    /// Called before anything is started.
    /// </summary>
    Task<IReadOnlyList<string>> RemoveLeftoversAsync(CancellationToken cancellationToken);
}

/// <summary>How a trial ended, and how long its candidate was deployed.</summary>
public sealed record TrialOutcome(TrialState State, TimeSpan Deployed);

/// <summary>Hears of a trial's progress while it runs. Called from any thread; must return quickly.</summary>
public interface ITrialObserver
{
    /// <summary>
    /// Cancelled when this process has no say over the trial any more: it is being stopped, or another node works on the
    /// sweep. What goes on without it is left alone then.
    /// </summary>
    CancellationToken Leaving => CancellationToken.None;

    /// <summary>The trial moved on to <see cref="TrialState.Measuring"/>.</summary>
    Task MeasuringAsync(CancellationToken cancellationToken);

    /// <summary>Something worth showing to someone who waits, at most a few times a second.</summary>
    void Progress(TrialProgress progress);
}

/// <summary>A glimpse of a running trial.</summary>
public sealed record TrialProgress(string Step, double? Share = null, double? RatePerSecond = null, TimeSpan? P99 = null, long? Errors = null);
