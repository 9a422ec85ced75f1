using System.Collections.Immutable;
using Tuner.Core.Planning;
using Tuner.Core.Search;
using Tuner.Core.Sweeps;
using Tuner.Service.Storage;

namespace Tuner.Service.Engine;

/// <summary>
/// What a search starts from: the newest finished sweeps of the same project and name that are older than this one, so
/// that a sweep that is taken up again starts from the same.
/// </summary>
public static class EarlierSweeps
{
    private const int Most = 3;

    /// <summary>Oldest first; empty where the sweep wants no warm start.</summary>
    public static async Task<ImmutableArray<ImmutableArray<Observation>>> ReadAsync(ISweepStore store, StoredSweep stored, Sweep sweep, CancellationToken cancellationToken)
    {
        if (!sweep.Search.WarmStart)
        {
            return [];
        }

        var page = await store.ListSweepsAsync(
            new SweepQuery
            {
                Projects = [stored.Project],
                Name = stored.Name,
                SearchesOnly = true,
                States = [SweepState.Finished],
                After = new SweepCursor(stored.CreatedAt.ToUnixTimeMilliseconds(), stored.Id.Value),
                Limit = Most,
            },
            cancellationToken);
        var history = ImmutableArray.CreateBuilder<ImmutableArray<Observation>>();
        foreach (var earlier in page.Sweeps.Reverse())
        {
            if (EarlierSweep.Observations(sweep, await store.TrialsAsync(earlier.Id, cancellationToken)) is { IsEmpty: false } observations)
            {
                history.Add(observations);
            }
        }

        return history.ToImmutable();
    }
}
