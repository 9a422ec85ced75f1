using System.Collections.Immutable;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Access;
using Tuner.Service.Storage;

namespace Tuner.Service.Api;

/// <summary>Finds sweeps for a caller: one of a project that they do not see is not there.</summary>
public sealed class SweepLookup(ISweepStore store, SweepLibrary library)
{
    public async Task<StoredSweep?> StoredAsync(string id, Caller caller, CancellationToken cancellationToken) =>
        await store.FindSweepAsync(new SweepId(id), cancellationToken) is { } stored && caller.Sees(stored.Project) ? stored : null;

    /// <summary>What the sweep is made of.</summary>
    public Task<Sweep?> DefinitionAsync(StoredSweep stored, CancellationToken cancellationToken) => library.FindAsync(stored.Id, cancellationToken);

    /// <summary>The sweep with its trials.</summary>
    public async Task<FoundSweep?> FindAsync(string id, Caller caller, CancellationToken cancellationToken)
    {
        if (await StoredAsync(id, caller, cancellationToken) is not { } stored || await library.FindAsync(stored.Id, cancellationToken) is not { } sweep)
        {
            return null;
        }

        return new FoundSweep(stored, sweep, await store.TrialsAsync(stored.Id, cancellationToken));
    }
}

/// <summary>A stored sweep, what it is made of, and its trials by number.</summary>
public sealed record FoundSweep(StoredSweep Stored, Sweep Sweep, ImmutableArray<Trial> Trials);
