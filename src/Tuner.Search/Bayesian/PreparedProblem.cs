using System.Collections.Immutable;
using Tuner.Core.Search;
using Tuner.Core.Space;

namespace Tuner.Search.Bayesian;

/// <summary>What a problem's suggestions share: the pool, its features, the prior worlds. A pure function of the problem.</summary>
internal sealed class PreparedProblem
{
    private readonly SearchProblem problem;

    /// <summary>
    /// After the first few trials history goes on being believed on positive evidence only (ln of the Bayes factor, Kass and
    /// Raftery 1995): a history that is right leads by more than that at once, one that misleads may be even with no history.
    /// </summary>
    private const double PositiveEvidence = 2;

    private readonly PriorWorlds? warm;
    private readonly int? incumbent;
    private PriorWorlds? cold;

    private PreparedProblem(SearchProblem problem, CandidatePool pool, FeatureTable features)
    {
        this.problem = problem;
        Pool = pool;
        Features = features;
        incumbent = Incumbent.Of(problem, pool);
        warm = HistoryPrior.Of(problem, pool) is { } history ? new PriorWorlds(features, problem.Slos.Length, problem.Seed, history, problem.Objective) : null;
        cold = warm is null ? Cold : null;
    }

    public CandidatePool Pool { get; }

    public FeatureTable Features { get; }

    private PriorWorlds Cold => cold ??= new PriorWorlds(Features, problem.Slos.Length, problem.Seed, objective: problem.Objective);

    /// <summary>
    /// The beliefs that the readings of the SLOs fit better: with history, or without any. History that misleads costs the
    /// few trials that show it, and nothing after them.
    /// </summary>
    public PriorWorlds PriorFor(Evidence evidence, int seed) =>
        Fitting(evidence.Measured.Length, prior => PosteriorWorlds.LogEvidence(prior, evidence, seed));

    /// <summary>
    /// The same for a measured objective, by its own readings: a machine may be as fast as ever while what is counted
    /// has changed.
    /// </summary>
    public PriorWorlds PriorForObjective(Evidence evidence, int seed) =>
        Fitting(evidence.Objective?.Readings.Length ?? 0, prior => PosteriorWorlds.LogEvidence(prior, evidence.Objective!, seed));

    /// <summary>The answer of earlier sweeps, which is tried before anything else while their history is believed.</summary>
    public int? IncumbentUnder(PriorWorlds prior) => ReferenceEquals(prior, warm) ? incumbent : null;

    private PriorWorlds Fitting(int readings, Func<PriorWorlds, double> logEvidence) =>
        warm is not null && (readings == 0 || logEvidence(warm) >= logEvidence(Cold) + Math.Min(readings - 1, PositiveEvidence)) ? warm : Cold;

    public static PreparedProblem Of(SearchProblem problem, IReadOnlyList<Observation> observations)
    {
        var pool = CandidatePool.Of(problem, observations);
        return new PreparedProblem(problem, pool, FeatureTable.Of(problem, pool));
    }

    /// <summary>
    /// Whether this was prepared for an equal problem. Planners build the problem anew each time, so that its parts are
    /// compared; costs by value, since a function cannot be.
    /// </summary>
    public bool Serves(SearchProblem other, IReadOnlyList<Observation> observations) =>
        (ReferenceEquals(problem, other) || IsEqual(other)) && Pool.IsFor(other, observations);

    private bool IsEqual(SearchProblem other) =>
        problem.Space == other.Space
        && problem.Seed == other.Seed
        && problem.Objective == other.Objective
        && problem.Slos.SequenceEqual(other.Slos)
        && problem.Hints == other.Hints
        && HasHistory(other.History)
        && Pool.HasCosts(other.CostPerHour);

    private bool HasHistory(ImmutableArray<ImmutableArray<Observation>> other) => problem.History == other
        || (problem.History.Length == other.Length && problem.History.Zip(other).All(pair => Same(pair.First, pair.Second)));

    private static bool Same(ImmutableArray<Observation> one, ImmutableArray<Observation> two) =>
        one.Length == two.Length && one.Zip(two).All(pair => (pair.First, pair.Second) switch
        {
            (Observation.Measured left, Observation.Measured right) => left.Candidate.Equals(right.Candidate) && left.LogViolations.SequenceEqual(right.LogViolations) && left.Objective.Equals(right.Objective),
            var (left, right) => left.Equals(right),
        });
}
