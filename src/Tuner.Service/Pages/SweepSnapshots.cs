using System.Collections.Concurrent;
using System.Collections.Immutable;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Api;
using Tuner.Service.Reports;
using Tuner.Service.Storage;

namespace Tuner.Service.Pages;

/// <summary>
/// Sweeps as pages show them: read and judged at most once a second for all who look, once for good where the sweep has
/// ended.
/// </summary>
public sealed class SweepSnapshots(ISweepStore store, SweepLibrary library, StoredReports reports, TimeProvider time)
{
    private const int MostKept = 50;
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(900);

    private readonly ConcurrentDictionary<SweepId, Entry> kept = [];

    /// <summary>The sweep as it stands; null where there is none.</summary>
    public async Task<SweepSnapshot?> FindAsync(SweepId id, CancellationToken cancellationToken)
    {
        if (kept.Count > MostKept)
        {
            kept.Clear();
        }

        var entry = kept.GetOrAdd(id, _ => new Entry());
        await entry.Gate.WaitAsync(cancellationToken);
        try
        {
            if (entry.Snapshot is { } known && (known.Stored.HasEnded || time.GetElapsedTime(entry.At) < Fresh))
            {
                return known;
            }

            if (await store.FindSweepAsync(id, cancellationToken) is not { } stored || await library.FindAsync(id, cancellationToken) is not { } sweep)
            {
                kept.TryRemove(id, out _);
                return null;
            }

            entry.Snapshot = await ReadAsync(entry.Snapshot, stored, sweep, cancellationToken);
            entry.At = time.GetTimestamp();
            return entry.Snapshot;
        }
        finally
        {
            entry.Gate.Release();
        }
    }

    /// <summary>What was kept of the sweep is old now.</summary>
    public void Forget(SweepId id) => kept.TryRemove(id, out _);

    private async Task<SweepSnapshot> ReadAsync(SweepSnapshot? before, StoredSweep stored, Sweep sweep, CancellationToken cancellationToken)
    {
        var trials = await store.TrialsAsync(stored.Id, cancellationToken);
        var ended = trials.Count(trial => trial.HasEnded);
        var same = before is not null && before.Stored.HasEnded == stored.HasEnded && before.Trials.Length == trials.Length && before.Trials.Count(trial => trial.HasEnded) == ended;
        return new SweepSnapshot(stored, sweep, trials, same ? before!.Report : await reports.TellAsync(stored, sweep, trials, cancellationToken));
    }

    private sealed class Entry
    {
        public SemaphoreSlim Gate { get; } = new(1);

        public SweepSnapshot? Snapshot { get; set; }

        public long At { get; set; }
    }
}

/// <summary>A sweep, its trials, and what they come to. The report is that of the last trial that began or ended.</summary>
public sealed record SweepSnapshot(StoredSweep Stored, Sweep Sweep, ImmutableArray<Trial> Trials, Report Report);
