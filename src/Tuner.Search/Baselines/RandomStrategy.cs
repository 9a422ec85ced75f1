using Tuner.Core.Search;

namespace Tuner.Search.Baselines;

/// <summary>Uniform draws from the space without replacement, by the seed.</summary>
public sealed class RandomStrategy : ISearchStrategy
{
    public string Name => "random";

    public Suggestion Suggest(SearchProblem problem, IReadOnlyList<Observation> observations, int count) =>
        Proposals.FirstUnseen(
            CoordinateWalk.Candidates(problem.Space, Points(problem)),
            observations,
            count,
            "a random draw",
            "every candidate that could be drawn was proposed");

    private static IEnumerable<double[]> Points(SearchProblem problem)
    {
        var random = new Random(problem.Seed);
        var dimensions = CoordinateWalk.Dimensions(problem.Space);
        while (true)
        {
            var point = new double[dimensions];
            for (var index = 0; index < dimensions; index++)
            {
                point[index] = random.NextDouble();
            }

            yield return point;
        }
    }
}
