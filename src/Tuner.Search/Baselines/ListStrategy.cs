using Tuner.Core.Search;

namespace Tuner.Search.Baselines;

/// <summary>The candidates that the user listed, in the listed order, each once.</summary>
public sealed class ListStrategy : ISearchStrategy
{
    public string Name => "list";

    public Suggestion Suggest(SearchProblem problem, IReadOnlyList<Observation> observations, int count) =>
        problem.Space.Listed is { } listed
            ? Proposals.FirstUnseen(listed.Distinct(), observations, count, "next of the list", "every listed candidate was proposed")
            : Proposals.None("no candidates are listed: list some, or search by grid, random, sobol or bayesian");
}
