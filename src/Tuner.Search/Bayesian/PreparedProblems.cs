using Tuner.Core.Search;
using Tuner.Core.Space;

namespace Tuner.Search.Bayesian;

/// <summary>The few problems asked about last; what is dropped is prepared again when it is asked for.</summary>
internal sealed class PreparedProblems
{
    /// <summary>Each may hold some tens of megabytes.</summary>
    private const int Most = 4;

    private readonly Lock gate = new();
    private readonly List<(SearchProblem Problem, PreparedProblem Prepared)> recent = [];

    public PreparedProblem For(SearchProblem problem, IReadOnlyList<Observation> observations)
    {
        lock (gate)
        {
            var at = recent.FindIndex(entry => ReferenceEquals(entry.Problem, problem) && Covers(entry.Prepared, observations));
            var entry = at >= 0 ? recent[at] : (problem, PreparedProblem.Of(problem, observations.Select(observation => observation.Candidate)));
            if (at >= 0)
            {
                recent.RemoveAt(at);
            }
            else if (recent.Count == Most)
            {
                recent.RemoveAt(0);
            }

            recent.Add(entry);
            return entry.Item2;
        }
    }

    private static bool Covers(PreparedProblem prepared, IReadOnlyList<Observation> observations) =>
        prepared.Pool.IsWhole || observations.All(observation => prepared.Pool.IndexOf(observation.Candidate) >= 0);
}
