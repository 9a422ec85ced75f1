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

    /// <summary>Fewer trials than this are waited for.</summary>
    private const int Many = 300;

    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(900);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);

    private readonly ConcurrentDictionary<SweepId, Entry> kept = [];

    /// <summary>The sweep as it stands; null where there is none.</summary>
    public Task<SweepSnapshot?> FindAsync(SweepId id, CancellationToken cancellationToken) => Reading(id).WaitAsync(cancellationToken);

    /// <summary>
    /// The sweep as it stands, if that is known soon. Null while the trials of a large one are still being read and judged,
    /// as they are once after a start; that goes on by itself, and whoever cannot wait looks at their outlines meanwhile.
    /// </summary>
    public async Task<SweepSnapshot?> GlanceAsync(SweepId id, Task soon, CancellationToken cancellationToken)
    {
        var reading = Reading(id);
        await Task.WhenAny(reading, soon);
        return reading.IsCompleted || (await store.TrialOutlinesAsync(id, cancellationToken)).Length < Many ? await reading.WaitAsync(cancellationToken) : null;
    }

    /// <summary>When somebody who looks has waited long enough.</summary>
    public Task Soon(CancellationToken cancellationToken) => Task.Delay(Patience, time, cancellationToken);

    /// <summary>What was kept of the sweep is old now.</summary>
    public void Forget(SweepId id) => kept.TryRemove(id, out _);

    /// <summary>One reading at a time, for all who look; on a thread of its own, since the pool has few and they answer requests.</summary>
    private Task<SweepSnapshot?> Reading(SweepId id)
    {
        if (kept.Count > MostKept)
        {
            kept.Clear();
        }

        var entry = kept.GetOrAdd(id, _ => new Entry());
        lock (entry)
        {
            if (entry.Snapshot is { } known && (known.Stored.HasEnded || time.GetElapsedTime(entry.At) < Fresh))
            {
                return Task.FromResult<SweepSnapshot?>(known);
            }

            if (entry.Reading is null or { IsCompleted: true })
            {
                entry.Reading = Task.Factory.StartNew(() => ReadAsync(entry, id), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
            }

            return entry.Reading;
        }
    }

    private async Task<SweepSnapshot?> ReadAsync(Entry entry, SweepId id)
    {
        // Not cancelled with whoever asked first: others wait for the same.
        if (await store.FindSweepAsync(id, CancellationToken.None) is not { } stored || await library.FindAsync(id, CancellationToken.None) is not { } sweep)
        {
            kept.TryRemove(id, out _);
            return null;
        }

        var snapshot = await ReadAsync(entry.Snapshot, stored, sweep, CancellationToken.None);
        lock (entry)
        {
            (entry.Snapshot, entry.At) = (snapshot, time.GetTimestamp());
        }

        return snapshot;
    }

    private async Task<SweepSnapshot> ReadAsync(SweepSnapshot? before, StoredSweep stored, Sweep sweep, CancellationToken cancellationToken)
    {
        var trials = await store.TrialsAsync(stored.Id, cancellationToken);
        var ended = trials.Count(trial => trial.HasEnded);
        var same = before is not null && before.Stored.HasEnded == stored.HasEnded && before.Trials.Length == trials.Length && before.Trials.Count(trial => trial.HasEnded) == ended;
        return new SweepSnapshot(stored, sweep, trials, same ? before!.Report : await reports.TellAsync(stored, sweep, trials, cancellationToken));
    }

    private sealed class Entry
    {
        public SweepSnapshot? Snapshot { get; set; }

        public long At { get; set; }

        public Task<SweepSnapshot?>? Reading { get; set; }
    }
}

/// <summary>A sweep, its trials, and what they come to. The report is that of the last trial that began or ended.</summary>
public sealed record SweepSnapshot(StoredSweep Stored, Sweep Sweep, ImmutableArray<Trial> Trials, Report Report);
