using Tuner.Core.Space;

namespace Tuner.Search.Baselines;

/// <summary>Turns an endless sequence of points in the unit cube into candidates of a space.</summary>
internal static class CoordinateWalk
{
    /// <summary>So many misses in a row (constraints, or candidates met before) end the walk.</summary>
    /// <remarks>A part of the space as rare as 1 in 10,000 is still met with probability 0.993 within 50,000 draws.</remarks>
    private const int PatientMisses = 50_000;

    /// <summary>The number of coordinates that a point needs: one for a list, one a parameter otherwise.</summary>
    public static int Dimensions(SearchSpace space) => space.Listed is null ? Math.Max(1, space.Parameters.Length) : 1;

    /// <summary>
    /// The distinct candidates at the points, in order. When the walk finds nothing new and the space is finite, the rest
    /// follows in the order of the grid, so that a small space is exhausted.
    /// </summary>
    public static IEnumerable<Candidate> Candidates(SearchSpace space, IEnumerable<double[]> points)
    {
        var met = new HashSet<Candidate>();
        var misses = 0;
        var patience = space.Combinations is { } size && size < PatientMisses ? (int)size * 4 : PatientMisses;
        foreach (var point in points)
        {
            if (At(space, point) is { } candidate && met.Add(candidate))
            {
                misses = 0;
                yield return candidate;
            }
            else if (++misses > patience)
            {
                break;
            }
        }

        if (!space.IsFinite)
        {
            yield break;
        }

        foreach (var candidate in space.Enumerate())
        {
            if (met.Add(candidate))
            {
                yield return candidate;
            }
        }
    }

    private static Candidate? At(SearchSpace space, double[] point) => space.Listed switch
    {
        null => space.At(point),
        { IsEmpty: true } => null,
        { } listed => listed[Math.Min((int)(point[0] * listed.Length), listed.Length - 1)],
    };
}
