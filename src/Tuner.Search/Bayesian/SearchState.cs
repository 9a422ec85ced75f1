namespace Tuner.Search.Bayesian;

/// <summary>Where a search stands: what was measured, what would be nominated, whether going on is worth it.</summary>
internal sealed class SearchState
{
    /// <summary>Below this chance of something cheaper, going on costs more than it finds.</summary>
    private const double StopChance = 0.02;

    /// <summary>Nothing is given up before so many trials, whatever the worlds say, nor while they give it this chance.</summary>
    private const int EnoughToDespair = 12;

    private const double DespairChance = 0.02;

    private readonly CandidatePool pool;
    private readonly Vote vote;
    private readonly int[] measurements;
    private readonly int measured;

    public SearchState(CandidatePool pool, Evidence evidence, Vote vote)
    {
        (this.pool, this.vote) = (pool, vote);
        measured = evidence.Measured.Length;
        measurements = new int[pool.Count];
        Taken = new bool[pool.Count];
        foreach (var id in evidence.Measured)
        {
            measurements[id]++;
            Taken[id] = true;
        }

        Pending = evidence.Pending;
        foreach (var id in Pending)
        {
            Taken[id] = true;
        }

        Nominee = evidence.Measured.Where(id => vote.Feasible[id] >= 0.6).OrderBy(id => pool.Cost[id]).ThenByDescending(id => vote.Feasible[id]).Cast<int?>().FirstOrDefault();
        ChanceOfBetter = Share(world => world.Length > 0 && !Taken[world[0]] && (Nominee is null || pool.Cost[world[0]] < pool.Cost[Nominee.Value] * (1 - 1e-9)));
        NothingFeasible = Share(world => world.Length == 0);
    }

    /// <summary>By candidate: whether it was measured, failed, or is being tried now.</summary>
    public bool[] Taken { get; }

    public int[] Pending { get; }

    /// <summary>The cheapest measured candidate that is probably feasible.</summary>
    public int? Nominee { get; }

    /// <summary>The share of worlds in which something untried is feasible and cheaper than the nominee.</summary>
    public double ChanceOfBetter { get; }

    public double NothingFeasible { get; }

    /// <summary>Cost per hour that an untried candidate is expected to save.</summary>
    public double ExpectedSaving(int id) =>
        Nominee is { } nominee ? Math.Max(0, pool.Cost[nominee] - pool.Cost[id]) * vote.Feasible[id] : 0;

    /// <summary>The nominee, where its own feasibility is the open question rather than something cheaper.</summary>
    public int? WorthRepeating() =>
        Nominee is { } id && vote.Feasible[id] < 0.93 && measurements[id] < 3 && ChanceOfBetter < 0.35 ? id : null;

    public string? StopReason()
    {
        if (Nominee is { } id && ChanceOfBetter < StopChance && (vote.Feasible[id] >= 0.8 || measurements[id] >= 3))
        {
            return $"something cheaper is feasible with {ChanceOfBetter:P1} only";
        }

        return Nominee is null && measured >= EnoughToDespair && NothingFeasible >= 1 - DespairChance
            ? $"nothing is feasible with {NothingFeasible:P1}"
            : null;
    }

    private double Share(Func<int[], bool> holds) => vote.Hits.Count(holds) / (double)vote.Hits.Length;
}
