using Tuner.Core.Search;

namespace Tuner.Core.Tests.Planning;

/// <summary>Proposes the candidates of the space in order, so that a planner test can see what the planner adds.</summary>
internal sealed class InOrder : ISearchStrategy
{
    public string Name => "in order";

    public Suggestion Suggest(SearchProblem problem, IReadOnlyList<Observation> observations, int count)
    {
        var known = observations.Select(observation => observation.Candidate).ToHashSet();
        return new Suggestion
        {
            Next = [.. problem.Space.Enumerate().Where(candidate => !known.Contains(candidate)).Take(count).Select(candidate => new ProposedCandidate(candidate, "next"))],
        };
    }
}
