using System.Collections.Immutable;
using Tuner.Core.Search;

namespace Tuner.Search.Bayesian;

/// <summary>
/// How much each parameter matters by itself: the share of the variance of predicted z over the space that is between its
/// values (the first-order index of Sobol 1993). What is left to a hundred per cent are parameters acting together.
/// </summary>
internal static class Importance
{
    /// <summary>A parameter with more values than this is judged by so many ranges of equal counts.</summary>
    private const int MostGroups = 8;

    public static ImmutableDictionary<string, double> Of(SearchProblem problem, CandidatePool pool, PosteriorWorlds worlds)
    {
        var predicted = Enumerable.Range(0, pool.Count).Select(id => Mean(worlds.Candidate(id))).ToArray();
        var mean = predicted.Average();
        var variance = predicted.Average(z => (z - mean) * (z - mean));
        return variance < 1e-9
            ? problem.Space.Parameters.ToImmutableDictionary(parameter => parameter.Name, _ => 0.0)
            : problem.Space.Parameters.ToImmutableDictionary(
                parameter => parameter.Name,
                parameter => Groups(pool, parameter.Name).Sum(group => Between(group, predicted, mean)) / (variance * pool.Count));
    }

    private static double Between(int[] group, double[] predicted, double mean)
    {
        var gap = group.Average(id => predicted[id]) - mean;
        return group.Length * gap * gap;
    }

    private static IEnumerable<int[]> Groups(CandidatePool pool, string name)
    {
        var values = Enumerable.Range(0, pool.Count).GroupBy(id => pool.Candidates[id][name]).Select(group => group.ToArray()).ToArray();
        return values.Length <= MostGroups || pool.Candidates[0][name].Number is null
            ? values
            : Enumerable.Range(0, pool.Count).OrderBy(id => pool.Candidates[id][name].Number).Chunk((pool.Count / MostGroups) + 1);
    }

    /// <summary>Far from the limit differences stop to matter.</summary>
    private static double Mean(ReadOnlySpan<float> z)
    {
        var sum = 0.0;
        foreach (var value in z)
        {
            sum += Math.Clamp(value, -2, 3);
        }

        return sum / z.Length;
    }
}
