using System.Collections.Immutable;
using Tuner.Core.Loads;

namespace Tuner.Load.Pacing;

/// <summary>Draws the body of each request by weight, as a pure function of seed and request number.</summary>
internal sealed class BodyPicker(ImmutableArray<WeightedBody> bodies, ulong seed)
{
    // Another stream of chance than the arrivals', so that a body does not follow from the gap before it.
    private readonly ulong seed = seed ^ 0xB0D1E5B0D1E5B0D1;
    private readonly double[] cumulative = Cumulate(bodies);

    /// <summary>The index of the body for a request; 0 where there is one or none.</summary>
    public int Pick(long request)
    {
        if (cumulative.Length < 2)
        {
            return 0;
        }

        var place = CounterRandom.Uniform(seed, request) * cumulative[^1];
        var index = Array.BinarySearch(cumulative, place);
        index = index >= 0 ? index + 1 : ~index;
        return Math.Min(index, cumulative.Length - 1);
    }

    private static double[] Cumulate(ImmutableArray<WeightedBody> bodies)
    {
        var sums = new double[bodies.IsDefault ? 0 : bodies.Length];
        var sum = 0.0;
        for (var index = 0; index < sums.Length; index++)
        {
            sum += bodies[index].Weight;
            sums[index] = sum;
        }

        return sums;
    }
}
