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

    public Task AddSweepAsync(StoredSweep sweep, CancellationToken cancellationToken) => inner.AddSweepAsync(sweep, cancellationToken);

    public Task<StoredSweep?> FindSweepAsync(SweepId id, CancellationToken cancellationToken) => inner.FindSweepAsync(id, cancellationToken);

    public Task<ImmutableArray<StoredSweep>> ListSweepsAsync(CancellationToken cancellationToken) => inner.ListSweepsAsync(cancellationToken);

    public Task<StoredSweep?> FindByFingerprintAsync(string fingerprint, CancellationToken cancellationToken) => inner.FindByFingerprintAsync(fingerprint, cancellationToken);

    public Task<ImmutableArray<Trial>> TrialsAsync(SweepId id, CancellationToken cancellationToken) => inner.TrialsAsync(id, cancellationToken);

    public Task AddRunningTimeAsync(SweepId id, TimeSpan time, DateTimeOffset at, CancellationToken cancellationToken) =>
        Crashed ? throw new CrashException() : inner.AddRunningTimeAsync(id, time, at, cancellationToken);

    public Task<bool> EndSweepAsync(SweepId id, SweepState state, StopReason stop, DateTimeOffset at, CancellationToken cancellationToken) =>
        WriteAsync(() => inner.EndSweepAsync(id, state, stop, at, cancellationToken));

    public Task<bool> AddTrialAsync(SweepId id, Trial trial, string reason, CancellationToken cancellationToken) =>
        WriteAsync(() => inner.AddTrialAsync(id, trial, reason, cancellationToken));

    public Task<bool> ChangeTrialAsync(Trial from, Trial to, string reason, CancellationToken cancellationToken) =>
        WriteAsync(() => inner.ChangeTrialAsync(from, to, reason, cancellationToken));

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
