using Tuner.Core.Search;

namespace Tuner.Search.Bayesian;

/// <summary>The few problems asked about last; what is dropped is prepared again when it is asked for.</summary>
internal sealed class PreparedProblems
{
    /// <summary>Each may hold up to about 100 megabytes for three SLOs over the largest pool.</summary>
    private const int Most = 3;

    private readonly Lock gate = new();
    private readonly List<PreparedProblem> recent = [];

    public PreparedProblem For(SearchProblem problem, IReadOnlyList<Observation> observations)
    {
        lock (gate)
        {
            var at = recent.FindIndex(entry => entry.Serves(problem, observations));
            var prepared = at >= 0 ? recent[at] : PreparedProblem.Of(problem, observations);
            if (at >= 0)
            {
                recent.RemoveAt(at);
            }
            else if (recent.Count == Most)
            {
                recent.RemoveAt(0);
            }

            recent.Add(prepared);
            return prepared;
        }
    }
}
