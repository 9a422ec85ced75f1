using System.Collections.Immutable;
using Tuner.Core.Search;
using Tuner.Core.Sweeps;
using Tuner.Service.Storage;

namespace Tuner.Service.Engine;

/// <summary>One claimed sweep while it is being worked on.</summary>
public sealed record SweepWork
{
    public required SweepClaim Claim { get; init; }

    public required Sweep Sweep { get; init; }

    public required RunningClock Clock { get; init; }

    public required SweepOrders Orders { get; init; }

    /// <summary>What earlier sweeps observed, for a warm start.</summary>
    public ImmutableArray<ImmutableArray<Observation>> History { get; init; } = [];

    /// <summary>Cancelled when trials that can go on without this process are not its own any more.</summary>
    public CancellationToken Leaving { get; init; }

    /// <summary>Stores the running time up to now; called before the work's end is stored.</summary>
    public Func<Task> StoreRunningTime { get; init; } = () => Task.CompletedTask;

    /// <summary>The last sign of life before this claim: until then, unfinished trials had their candidates deployed.</summary>
    public required DateTimeOffset SeenAt { get; init; }
}
