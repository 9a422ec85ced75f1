using System.Collections.Immutable;
using Tuner.Core.Planning;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Service.Storage;

/// <summary>
/// The only place where progress lives. Every change is conditional on the state that was read before: false means that
/// somebody else changed it first, and nothing was written.
/// </summary>
public interface ISweepStore
{
    Task AddSweepAsync(StoredSweep sweep, CancellationToken cancellationToken);

    Task<StoredSweep?> FindSweepAsync(SweepId id, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    Task<ImmutableArray<StoredSweep>> ListSweepsAsync(CancellationToken cancellationToken);

    /// <summary>The newest sweep with this fingerprint, or null.</summary>
    Task<StoredSweep?> FindByFingerprintAsync(string fingerprint, CancellationToken cancellationToken);

    /// <summary>Ends a running sweep.</summary>
    Task<bool> EndSweepAsync(SweepId id, SweepState state, StopReason stop, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>A sign of life from whoever runs the sweep: adds to its running time and notes when that was.</summary>
    Task AddRunningTimeAsync(SweepId id, TimeSpan time, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>All trials of a sweep by number.</summary>
    Task<ImmutableArray<Trial>> TrialsAsync(SweepId id, CancellationToken cancellationToken);

    /// <summary>Stores the intent to run a trial; false when its number is taken.</summary>
    Task<bool> AddTrialAsync(SweepId id, Trial trial, string reason, CancellationToken cancellationToken);

    /// <summary>Moves a trial on from the state that was read, with the reason kept in its history.</summary>
    Task<bool> ChangeTrialAsync(Trial from, Trial to, string reason, CancellationToken cancellationToken);
}
