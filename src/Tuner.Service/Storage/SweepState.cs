namespace Tuner.Service.Storage;

/// <summary>Where a sweep stands; <see cref="SweepTransitions"/> lists the legal moves.</summary>
public enum SweepState
{
    /// <summary>To be worked on by the next node that is free.</summary>
    Queued,

    /// <summary>Being worked on, or to be taken over from a node that is gone.</summary>
    Running,

    /// <summary>Held by the user; nothing of it runs.</summary>
    Paused,

    /// <summary>It has its answer.</summary>
    Finished,

    /// <summary>The user ended it.</summary>
    Cancelled,

    /// <summary>It cannot be worked on; the reason says why.</summary>
    Failed,
}

/// <summary>What was asked of whoever runs a sweep.</summary>
public enum SweepRequest
{
    /// <summary>Start no further trial; be paused once those that run have ended.</summary>
    Pause,

    /// <summary>End the running trials and the sweep.</summary>
    Cancel,
}

/// <summary>The legal moves between sweep states; everything else is a bug.</summary>
public static class SweepTransitions
{
    public static bool IsLegal(SweepState from, SweepState to) => (from, to) switch
    {
        (SweepState.Queued, SweepState.Running or SweepState.Paused or SweepState.Cancelled or SweepState.Failed) => true,

        // Queued again: the service was stopped while it ran. Running again: another node took it over.
        (SweepState.Running, SweepState.Running or SweepState.Queued or SweepState.Paused or SweepState.Finished or SweepState.Cancelled or SweepState.Failed) => true,
        (SweepState.Paused, SweepState.Queued or SweepState.Cancelled) => true,
        _ => false,
    };
}
