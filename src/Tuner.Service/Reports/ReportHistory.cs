using System.Collections.Concurrent;
using System.Collections.Immutable;
using Tuner.Core.Sweeps;
using Tuner.Service.Gate;
using Tuner.Service.Reports.Sections;
using Tuner.Service.Storage;

namespace Tuner.Service.Reports;

/// <summary>How sweeps of the same name and project came out. What has ended never changes: each is looked at once.</summary>
public sealed class ReportHistory(ISweepStore store, GateStore gate)
{
    private const int Most = 30;
    private const int MostKept = 2_000;

    private readonly ConcurrentDictionary<SweepId, HistoryPoint> kept = [];

    /// <summary>Those before one of them, oldest first.</summary>
    /// <param name="report">Builds the report of a stored sweep, without its history; null where it cannot be read any more.</param>
    public Task<ImmutableArray<HistoryPoint>> BeforeAsync(StoredSweep sweep, Func<StoredSweep, CancellationToken, Task<Report?>> report, CancellationToken cancellationToken) => RecentAsync(
        new SweepQuery { Projects = [sweep.Project], Name = sweep.Name, After = new SweepCursor(sweep.CreatedAt.ToUnixTimeMilliseconds(), sweep.Id.Value) },
        report,
        cancellationToken);

    /// <summary>The most recent finished ones of a query that names one project and one name, oldest first.</summary>
    public async Task<ImmutableArray<HistoryPoint>> RecentAsync(SweepQuery query, Func<StoredSweep, CancellationToken, Task<Report?>> report, CancellationToken cancellationToken)
    {
        var page = await store.ListSweepsAsync(query with { States = [SweepState.Finished], Limit = Most }, cancellationToken);
        if (page.Sweeps.IsEmpty)
        {
            return [];
        }

        if (kept.Count > MostKept)
        {
            kept.Clear();
        }

        // The gate speaks a moment after a sweep has ended: its word is never kept.
        var words = await gate.WordsAsync(query.Projects[0], query.Name!, 2 * Most, cancellationToken);
        var points = ImmutableArray.CreateBuilder<HistoryPoint>();
        foreach (var earlier in page.Sweeps.Reverse())
        {
            if (!kept.TryGetValue(earlier.Id, out var point) && await report(earlier, cancellationToken) is { } built)
            {
                kept[earlier.Id] = point = HistoryPoints.Of(built);
            }

            if (point is not null)
            {
                var word = words.GetValueOrDefault(earlier.Id);
                points.Add(point with { Gate = word?.Verdict, GateReason = word?.Reason });
            }
        }

        return points.ToImmutable();
    }

    /// <summary>The gate's word on a sweep; null where it was no gate's, or has not been judged.</summary>
    public async Task<GateWord?> GateAsync(StoredSweep sweep, CancellationToken cancellationToken) => sweep.Gate is null
        ? null
        : (await gate.WordsAsync(sweep.Project, sweep.Name, SweepQuery.MaxLimit, cancellationToken)).GetValueOrDefault(sweep.Id);
}
