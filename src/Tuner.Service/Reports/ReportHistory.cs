using System.Collections.Concurrent;
using System.Collections.Immutable;
using Tuner.Core.Sweeps;
using Tuner.Service.Reports.Sections;
using Tuner.Service.Storage;

namespace Tuner.Service.Reports;

/// <summary>How sweeps of the same name and project came out before one of them. What has ended never changes: each is looked at once.</summary>
public sealed class ReportHistory(ISweepStore store)
{
    private const int Most = 30;
    private const int MostKept = 2_000;

    private readonly ConcurrentDictionary<SweepId, HistoryPoint> kept = [];

    /// <param name="report">Builds the report of a stored sweep, without its history; null where it cannot be read any more.</param>
    /// <returns>Oldest first.</returns>
    public async Task<ImmutableArray<HistoryPoint>> BeforeAsync(StoredSweep sweep, Func<StoredSweep, CancellationToken, Task<Report?>> report, CancellationToken cancellationToken)
    {
        var page = await store.ListSweepsAsync(
            new SweepQuery
            {
                Projects = [sweep.Project],
                Name = sweep.Name,
                States = [SweepState.Finished],
                After = new SweepCursor(sweep.CreatedAt.ToUnixTimeMilliseconds(), sweep.Id.Value),
                Limit = Most,
            },
            cancellationToken);
        if (kept.Count > MostKept)
        {
            kept.Clear();
        }

        var points = ImmutableArray.CreateBuilder<HistoryPoint>();
        foreach (var earlier in page.Sweeps.Reverse())
        {
            if (!kept.TryGetValue(earlier.Id, out var point) && await report(earlier, cancellationToken) is { } built)
            {
                kept[earlier.Id] = point = HistoryPoints.Of(built);
            }

            if (point is not null)
            {
                points.Add(point);
            }
        }

        return points.ToImmutable();
    }
}
