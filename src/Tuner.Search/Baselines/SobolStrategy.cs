using Tuner.Core.Search;

namespace Tuner.Search.Baselines;

/// <summary>Quasi-random draws: the Sobol sequence, shifted by the seed, covers the space more evenly than chance does.</summary>
public sealed class SobolStrategy : ISearchStrategy
{
    public string Name => "sobol";

    public Suggestion Suggest(SearchProblem problem, IReadOnlyList<Observation> observations, int count) =>
        Proposals.FirstUnseen(
            CoordinateWalk.Candidates(problem.Space, SobolSequence.Shifted(CoordinateWalk.Dimensions(problem.Space), problem.Seed)),
            observations,
            count,
            "next of the Sobol sequence",
            "every candidate that the sequence reaches was proposed");
}
