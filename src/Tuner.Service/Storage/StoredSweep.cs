using Tuner.Core.Planning;
using Tuner.Core.Sweeps;

namespace Tuner.Service.Storage;

/// <summary>A sweep as it is stored: what was submitted, and where it stands.</summary>
public sealed record StoredSweep
{
    public required SweepId Id { get; init; }

    public required string Name { get; init; }

    /// <summary><see cref="Sweep.Fingerprint"/>: which question this sweep answers.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Everything needed to build the <see cref="Sweep"/> again: definition, bodies, prices, as JSON.</summary>
    public required string Submission { get; init; }

    public required SweepState State { get; init; }

    /// <summary>Why it is in this state, for a reader.</summary>
    public required string Reason { get; init; }

    /// <summary>Why the sweep ended; null while it has not.</summary>
    public StopReason? Stop { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>How long it has been running, without the time in which Tuner was stopped.</summary>
    public TimeSpan Running { get; init; }

    /// <summary>The last sign of life from whoever ran it.</summary>
    public required DateTimeOffset SeenAt { get; init; }
}

/// <summary>Where a sweep stands.</summary>
public enum SweepState
{
    /// <summary>Being worked on, or to be taken up again after Tuner was stopped.</summary>
    Running,

    /// <summary>It has its answer.</summary>
    Finished,

    /// <summary>The user ended it.</summary>
    Cancelled,
}
