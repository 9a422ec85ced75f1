using Tuner.Core.Search;

namespace Tuner.Search.Baselines;

/// <summary>Every candidate of a finite space, in its order, each once.</summary>
public sealed class GridStrategy : ISearchStrategy
{
    public string Name => "grid";

    public Suggestion Suggest(SearchProblem problem, IReadOnlyList<Observation> observations, int count) =>
        problem.Space.IsFinite
            ? Proposals.FirstUnseen(problem.Space.Enumerate(), observations, count, "next of the grid", "every candidate of the grid was proposed")
            : Proposals.None("a parameter without a step makes the space infinite: give it a step, or search by random, sobol or bayesian");
}
