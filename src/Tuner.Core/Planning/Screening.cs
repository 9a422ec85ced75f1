using Tuner.Core.Loads;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Core.Planning;

/// <summary>
/// Two fidelities: a candidate's first look may be a short one; the baseline, repeats and verification send the whole
/// load. What is recommended never rests on the short ones alone where there is verification.
/// </summary>
public static class Screening
{
    /// <summary>A phase shorter than this shows nothing of its tail.</summary>
    private static readonly TimeSpan ShortestPhase = TimeSpan.FromSeconds(3);

    /// <summary>The sweep as this trial measures it: with a shortened load where it is the first look of the search.</summary>
    public static Sweep For(Sweep sweep, Trial trial) =>
        trial.Purpose is TrialPurpose.Search && sweep.Search.Screening is { } length && length < sweep.Load.Duration
            ? sweep with { Load = Shortened(sweep.Load, length) }
            : sweep;

    /// <summary>The same load in so much time: all phases shortened alike, those of a steady rate or number of users only.</summary>
    public static LoadProfile Shortened(LoadProfile load, TimeSpan length) => load with
    {
        Phases = [.. load.Phases.Select(phase => phase is RatePhase or UsersPhase ? phase with { Duration = Shortened(phase.Duration, length / load.Duration) } : phase)],
    };

    private static TimeSpan Shortened(TimeSpan whole, double share)
    {
        var wanted = TimeSpan.FromSeconds(Math.Ceiling(whole.TotalSeconds * share));
        var least = wanted > ShortestPhase ? wanted : ShortestPhase;
        return least < whole ? least : whole;
    }
}
