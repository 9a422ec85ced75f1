using Tuner.Core.Search;
using Tuner.Core.Space;

namespace Tuner.Search.Bayesian;

/// <summary>What a problem's suggestions share: the pool, its features, the prior worlds. A pure function of the problem.</summary>
internal sealed class PreparedProblem
{
    private readonly SearchProblem problem;

    private PreparedProblem(SearchProblem problem, CandidatePool pool, PriorWorlds prior)
    {
        this.problem = problem;
        Pool = pool;
        Prior = prior;
    }

    public CandidatePool Pool { get; }

    public PriorWorlds Prior { get; }

    public static PreparedProblem Of(SearchProblem problem, IEnumerable<Candidate> required)
    {
        var pool = CandidatePool.Of(problem, required);
        var features = FeatureTable.Of(problem, pool);
        return new PreparedProblem(problem, pool, new PriorWorlds(features, problem.Slos.Length, problem.Seed));
    }

    /// <summary>
    /// Whether this was prepared for an equal problem. Planners build the problem anew each time, so that its parts are
    /// compared; costs by value, since a function cannot be.
    /// </summary>
    public bool Serves(SearchProblem other, IReadOnlyList<Observation> observations) =>
        (ReferenceEquals(problem, other) || IsEqual(other)) && Pool.IsFor(other, observations.Select(observation => observation.Candidate));

    private bool IsEqual(SearchProblem other) =>
        problem.Space == other.Space
        && problem.Seed == other.Seed
        && problem.Slos.SequenceEqual(other.Slos)
        && problem.Hints == other.Hints
        && Pool.HasCosts(other.CostPerHour);
}
