using Tuner.Core.Search;
using Tuner.Core.Space;

namespace Tuner.Search.Bayesian;

/// <summary>What a problem's suggestions share: the pool, its features, the prior worlds. A pure function of the problem.</summary>
internal sealed class PreparedProblem
{
    private PreparedProblem(CandidatePool pool, PriorWorlds prior)
    {
        Pool = pool;
        Prior = prior;
    }

    public CandidatePool Pool { get; }

    public PriorWorlds Prior { get; }

    public static PreparedProblem Of(SearchProblem problem, IEnumerable<Candidate> required)
    {
        var pool = CandidatePool.Of(problem, required);
        var features = FeatureTable.Of(problem, pool);
        return new PreparedProblem(pool, new PriorWorlds(features, problem.Slos.Length, problem.Seed));
    }
}
