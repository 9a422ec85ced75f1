using System.Collections.Concurrent;
using Tuner.Core.Gate;
using Tuner.Core.Sweeps;
using Tuner.Service.Definitions;
using Tuner.Service.Gate;
using Tuner.Service.Storage;

namespace Tuner.Service.Api;

/// <summary>Stored sweeps made again from what was submitted. A submission never changes, so each is made once.</summary>
public sealed class SweepLibrary(ISweepStore store, GatePlan? plan = null)
{
    private const int MaxKept = 200;

    private readonly ConcurrentDictionary<SweepId, Sweep> kept = [];

    /// <summary>The sweep; null where there is none of that id.</summary>
    /// <exception cref="InvalidDataException">It is stored, and this version cannot read it.</exception>
    public async Task<Sweep?> FindAsync(SweepId id, CancellationToken cancellationToken)
    {
        if (kept.TryGetValue(id, out var known))
        {
            return known;
        }

        if (await store.SubmissionAsync(id, cancellationToken) is not { } json)
        {
            return null;
        }

        var reading = SweepFile.Rebuild(SweepSubmission.FromJson(json));
        if (reading.Sweep is not { } sweep)
        {
            throw new InvalidDataException($"Sweep {id} was stored by another version and cannot be read: {reading.Errors.First().Describe(reading.File)}");
        }

        if (await store.FindSweepAsync(id, cancellationToken) is { Gate: { } accepted })
        {
            // A night of the gate has a budget of its own.
            sweep = sweep with { Budget = GateSweep.Of(sweep, CandidateText.Read(accepted), plan ?? new GatePlan()).Budget };
        }

        if (kept.Count >= MaxKept)
        {
            kept.Clear();
        }

        return kept[id] = sweep;
    }
}
