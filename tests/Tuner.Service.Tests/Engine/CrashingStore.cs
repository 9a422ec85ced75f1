using System.Collections.Immutable;
using Tuner.Core.Planning;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Storage;

namespace Tuner.Service.Tests.Engine;

/// <summary>A store whose process dies at the n-th write: before it is written, or just after.</summary>
internal sealed class CrashingStore(ISweepStore inner, int lastWrite, bool afterWriting) : ISweepStore
{
    private int writes;

    public bool Crashed => writes > lastWrite;

    /// <summary>Comes before a trial's change is stored.</summary>
    public Func<Trial, Task> BeforeChange { get; init; } = _ => Task.CompletedTask;

    public Task<bool> AddSweepAsync(StoredSweep sweep, string submission, CancellationToken cancellationToken) => inner.AddSweepAsync(sweep, submission, cancellationToken);

    public Task<StoredSweep?> FindSweepAsync(SweepId id, CancellationToken cancellationToken) => inner.FindSweepAsync(id, cancellationToken);

    public Task<string?> SubmissionAsync(SweepId id, CancellationToken cancellationToken) => inner.SubmissionAsync(id, cancellationToken);

    public Task<SweepPage> ListSweepsAsync(SweepQuery query, CancellationToken cancellationToken) => inner.ListSweepsAsync(query, cancellationToken);

    public Task<StoredSweep?> FindByFingerprintAsync(string fingerprint, CancellationToken cancellationToken) => inner.FindByFingerprintAsync(fingerprint, cancellationToken);

    public Task<StoredSweep?> FindByIdempotencyKeyAsync(string project, string key, CancellationToken cancellationToken) => inner.FindByIdempotencyKeyAsync(project, key, cancellationToken);

    public Task<ImmutableArray<StateChange>> SweepHistoryAsync(SweepId id, CancellationToken cancellationToken) => inner.SweepHistoryAsync(id, cancellationToken);

    public Task<ImmutableArray<Trial>> TrialsAsync(SweepId id, CancellationToken cancellationToken) => inner.TrialsAsync(id, cancellationToken);

    public Task<ImmutableArray<TrialOutline>> TrialOutlinesAsync(SweepId id, CancellationToken cancellationToken) => inner.TrialOutlinesAsync(id, cancellationToken);

    public Task<ImmutableArray<StateChange>> TrialHistoryAsync(TrialId id, CancellationToken cancellationToken) => inner.TrialHistoryAsync(id, cancellationToken);

    public Task<bool> ChangeSweepAsync(SweepId id, SweepState from, SweepState to, string reason, CancellationToken cancellationToken) =>
        WriteAsync(() => inner.ChangeSweepAsync(id, from, to, reason, cancellationToken));

    public Task<bool> RequestAsync(SweepId id, SweepRequest? request, string reason, CancellationToken cancellationToken) =>
        WriteAsync(() => inner.RequestAsync(id, request, reason, cancellationToken));

    public Task<bool> DeleteSweepAsync(SweepId id, CancellationToken cancellationToken) => WriteAsync(() => inner.DeleteSweepAsync(id, cancellationToken));

    public Task<bool> EndWorkAsync(SweepClaim claim, SweepState to, string reason, StopReason? stop, CancellationToken cancellationToken) =>
        WriteAsync(() => inner.EndWorkAsync(claim, to, reason, stop, cancellationToken));

    public Task<bool> AddTrialAsync(SweepClaim claim, Trial trial, string reason, CancellationToken cancellationToken) =>
        WriteAsync(() => inner.AddTrialAsync(claim, trial, reason, cancellationToken));

    public Task<bool> ChangeTrialAsync(SweepClaim claim, Trial from, Trial to, string reason, CancellationToken cancellationToken) =>
        WriteAsync(async () =>
        {
            await BeforeChange(to);
            return await inner.ChangeTrialAsync(claim, from, to, reason, cancellationToken);
        });

    private async Task<bool> WriteAsync(Func<Task<bool>> write)
    {
        var crashes = ++writes > lastWrite;
        if (crashes && !afterWriting)
        {
            throw new CrashException();
        }

        var result = await write();
        return crashes ? throw new CrashException() : result;
    }
}

internal sealed class CrashException : Exception;
