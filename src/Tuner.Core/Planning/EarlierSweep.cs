using System.Collections.Immutable;
using Tuner.Core.Search;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Core.Planning;

/// <summary>What the trials of an earlier sweep of the same workload say in the words of this one: its SLOs, its space.</summary>
public static class EarlierSweep
{
    /// <summary>Measured and failed candidates that this sweep's space still has; empty where there are none.</summary>
    public static ImmutableArray<Observation> Observations(Sweep sweep, IReadOnlyList<Trial> earlier)
    {
        var known = earlier.Where(trial => sweep.Space.Contains(trial.Candidate)).ToList();
        return [.. new SweepStanding(sweep, known).Observations().Where(observation => observation is not Observation.Pending)];
    }
}
