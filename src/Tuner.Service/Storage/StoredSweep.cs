using System.Collections.Immutable;
using Tuner.Core.Planning;
using Tuner.Core.Sweeps;

namespace Tuner.Service.Storage;

/// <summary>A sweep as it is stored: whose it is, and where it stands. What was submitted is read by itself.</summary>
public sealed record StoredSweep
{
    public const string DefaultProject = "default";

    public required SweepId Id { get; init; }

    public required string Name { get; init; }

    /// <summary>Whose it is: a key sees the sweeps of its projects only.</summary>
    public string Project { get; init; } = DefaultProject;

    /// <summary>The definition's labels, for filters.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Within its project: submitting with the same key again is the same sweep.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary><see cref="Sweep.Fingerprint"/>: which question this sweep answers.</summary>
    public required string Fingerprint { get; init; }

    public required SweepState State { get; init; }

    /// <summary>Why it is in this state, for a reader.</summary>
    public required string Reason { get; init; }

    /// <summary>The accepted candidate (as it is stored) where the sweep only asks whether that one is still what it was; null for a search.</summary>
    public string? Gate { get; init; }

    /// <summary>Why the sweep ended; null while it has not.</summary>
    public StopReason? Stop { get; init; }

    /// <summary>What was asked of whoever runs it and has not happened yet.</summary>
    public SweepRequest? Request { get; init; }

    /// <summary>The node that works on it; null while none does.</summary>
    public string? Node { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>How long it has been running, without the time in which Tuner was stopped.</summary>
    public TimeSpan Running { get; init; }

    /// <summary>The last sign of life from whoever ran it.</summary>
    public required DateTimeOffset SeenAt { get; init; }

    public bool HasEnded => State is SweepState.Finished or SweepState.Cancelled or SweepState.Failed;
}
