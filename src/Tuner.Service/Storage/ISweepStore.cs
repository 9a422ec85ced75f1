using System.Collections.Immutable;
using Tuner.Core.Planning;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Service.Storage;

/// <summary>
/// The only place where progress lives. Every change is conditional on the state that was read before: false means that
/// somebody else changed it first, and nothing was written. Work on a sweep is written under a claim: under an old one it
/// is refused.
/// </summary>
public interface ISweepStore
{
    /// <summary>Stores a sweep with its submission; false when its id, or its idempotency key in its project, is taken.</summary>
    Task<bool> AddSweepAsync(StoredSweep sweep, string submission, CancellationToken cancellationToken);

    Task<StoredSweep?> FindSweepAsync(SweepId id, CancellationToken cancellationToken);

    /// <summary>Everything needed to build the <see cref="Sweep"/> again: definition, bodies, prices, as JSON; null without such a sweep.</summary>
    Task<string?> SubmissionAsync(SweepId id, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    Task<SweepPage> ListSweepsAsync(SweepQuery query, CancellationToken cancellationToken);

    /// <summary>The newest sweep with this fingerprint, or null.</summary>
    Task<StoredSweep?> FindByFingerprintAsync(string fingerprint, CancellationToken cancellationToken);

    /// <summary>The sweep of the project that was submitted with this key, or null.</summary>
    Task<StoredSweep?> FindByIdempotencyKeyAsync(string project, string key, CancellationToken cancellationToken);

    /// <summary>Every change of the sweep's state, oldest first.</summary>
    Task<ImmutableArray<StateChange>> SweepHistoryAsync(SweepId id, CancellationToken cancellationToken);

    /// <summary>Moves a sweep that no node works on.</summary>
    Task<bool> ChangeSweepAsync(SweepId id, SweepState from, SweepState to, string reason, CancellationToken cancellationToken);

    /// <summary>Notes a request for whoever runs the sweep (null takes it back); false where it does not run.</summary>
    Task<bool> RequestAsync(SweepId id, SweepRequest? request, string reason, CancellationToken cancellationToken);

    /// <summary>Removes a sweep with all its trials; false unless it has ended or is paused.</summary>
    Task<bool> DeleteSweepAsync(SweepId id, CancellationToken cancellationToken);

    /// <summary>Ends the work on a running sweep, and the claim with it.</summary>
    Task<bool> EndWorkAsync(SweepClaim claim, SweepState to, string reason, StopReason? stop, CancellationToken cancellationToken);

    /// <summary>All trials of a sweep by number.</summary>
    Task<ImmutableArray<Trial>> TrialsAsync(SweepId id, CancellationToken cancellationToken);

    /// <summary>The same without what was measured: soon there for very many, too.</summary>
    Task<ImmutableArray<TrialOutline>> TrialOutlinesAsync(SweepId id, CancellationToken cancellationToken);

    /// <summary>Every change of the trial's state, oldest first.</summary>
    Task<ImmutableArray<StateChange>> TrialHistoryAsync(TrialId id, CancellationToken cancellationToken);

    /// <summary>Stores the intent to run a trial; false when its number is taken or the claim is old.</summary>
    Task<bool> AddTrialAsync(SweepClaim claim, Trial trial, string reason, CancellationToken cancellationToken);

    /// <summary>Moves a trial on from the state that was read, with the reason kept in its history.</summary>
    Task<bool> ChangeTrialAsync(SweepClaim claim, Trial from, Trial to, string reason, CancellationToken cancellationToken);
}
