using Tuner.Core.Search;
using Tuner.Core.Space;
using Tuner.Search.Baselines;

namespace Tuner.Search.Bayesian;

/// <summary>The candidates that a model reasons over, each with its known cost per hour, in the order of the space.</summary>
internal sealed class CandidatePool
{
    /// <summary>
    /// More candidates than this are not enumerated but sampled: worlds over 1,500 candidates still answer in about a
    /// tenth of a second.
    /// </summary>
    public const int MostCandidates = 1_500;

    /// <summary>Of these, so many lie around the best ones observed, once there are some.</summary>
    private const int MostNeighbours = 600;

    private readonly Dictionary<Candidate, int> index = [];
    private readonly int sampled;
    private readonly IReadOnlyList<Candidate> centres;

    private CandidatePool(IReadOnlyList<Candidate> candidates, Func<Candidate, double> cost, int sampled, bool isWhole, IReadOnlyList<Candidate> centres)
    {
        Candidates = candidates;
        this.sampled = sampled;
        this.centres = centres;
        Cost = [.. candidates.Select(cost)];
        IsWhole = isWhole;
        for (var id = 0; id < candidates.Count; id++)
        {
            index[candidates[id]] = id;
        }
    }

    public IReadOnlyList<Candidate> Candidates { get; }

    /// <summary>Cost per hour of each candidate, in the currency of the sweep.</summary>
    public double[] Cost { get; }

    /// <summary>True when the pool holds every candidate of the space.</summary>
    public bool IsWhole { get; }

    public int Count => Candidates.Count;

    /// <summary>
    /// The whole space where it is small; otherwise what lies around the best ones observed, what earlier sweeps tried and a
    /// Sobol sample by the seed, followed by what was observed outside these.
    /// </summary>
    public static CandidatePool Of(SearchProblem problem, IReadOnlyList<Observation> observations)
    {
        var space = problem.Space;
        if (space.Listed is not null || space.Combinations is { } combinations && combinations <= 16 * MostCandidates)
        {
            var all = space.Enumerate().Distinct().Take(MostCandidates + 1).ToArray();
            if (all.Length <= MostCandidates)
            {
                return new CandidatePool(all, problem.CostPerHour, all.Length, isWhole: true, []);
            }
        }

        var around = space.Listed is null ? Neighbourhood.Centres(problem, observations) : [];
        var earlier = problem.History.SelectMany(sweep => sweep).Select(observation => observation.Candidate).Where(space.Contains);
        var points = SobolSequence.Shifted(CoordinateWalk.Dimensions(space), problem.Seed);
        var sample = Neighbourhood.Around(space, around, MostNeighbours, problem.Seed)
            .Concat(earlier).Concat(CoordinateWalk.Candidates(space, points)).Distinct().Take(MostCandidates).ToArray();
        var observed = observations.Select(observation => observation.Candidate).Where(space.Contains);
        return new CandidatePool([.. sample.Concat(observed).Distinct()], problem.CostPerHour, sample.Length, isWhole: false, around);
    }

    /// <summary>Whether these observations, and only these, would have made this pool: the answer must not depend on earlier questions.</summary>
    public bool IsFor(SearchProblem problem, IReadOnlyList<Observation> observations) => IsWhole
        || ((problem.Space.Listed is not null || centres.SequenceEqual(Neighbourhood.Centres(problem, observations)))
            && observations.Select(observation => observation.Candidate).Distinct()
                .Where(candidate => IndexOf(candidate) is var id && (id < 0 || id >= sampled) && problem.Space.Contains(candidate))
                .SequenceEqual(Candidates.Skip(sampled)));

    /// <summary>Whether the function gives every candidate the cost it has here.</summary>
    public bool HasCosts(Func<Candidate, double> cost)
    {
        for (var id = 0; id < Count; id++)
        {
            if (cost(Candidates[id]) != Cost[id])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The place of a candidate in the pool, or -1.</summary>
    public int IndexOf(Candidate candidate) => index.GetValueOrDefault(candidate, -1);
}
