using Tuner.Core.Search;
using Tuner.Core.Space;

namespace Tuner.Core.Tests.Planning;

/// <summary>Proposes four workers and more in turn, and sees no reason to go on while one of them meets the SLOs.</summary>
internal sealed class ContentWithTheFirst : ISearchStrategy
{
    public string Name => "content";

    public Suggestion Suggest(SearchProblem problem, IReadOnlyList<Observation> observations, int count)
    {
        var known = observations.Select(observation => observation.Candidate).ToHashSet();
        return new Suggestion
        {
            Next = [.. problem.Space.Enumerate().Skip(3).Where(candidate => !known.Contains(candidate)).Take(count).Select(candidate => new ProposedCandidate(candidate, "next"))],
            Stop = observations.OfType<Observation.Measured>().Any(measured => measured.LogViolations[0] <= 0) ? "content" : null,
        };
    }
}
