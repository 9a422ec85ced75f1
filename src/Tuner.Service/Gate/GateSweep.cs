using Tuner.Core.Gate;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;

namespace Tuner.Service.Gate;

/// <summary>
/// A sweep cut down to one question: is the accepted configuration still what it was? It tries nothing else, and measures
/// it in turns with the baseline as often as the gate needs.
/// </summary>
public static class GateSweep
{
    public static Sweep Of(Sweep sweep, Candidate accepted, GatePlan plan) => sweep with
    {
        Space = sweep.Space with { Listed = [accepted] },
        Search = sweep.Search with { Strategy = "list" },
        Verification = sweep.Verification with { Finalists = 1, Repeats = plan.Pairs },

        // Invalid trials run again and count too.
        Budget = sweep.Budget with { Trials = (4 * plan.Pairs) + 10, Parallel = 1 },
    };
}
