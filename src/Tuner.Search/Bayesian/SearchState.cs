namespace Tuner.Search.Bayesian;

/// <summary>Where a search stands: what was measured, what would be nominated, whether going on is worth it.</summary>
internal sealed class SearchState
{
    /// <summary>Below this chance of something cheaper, going on costs more than it finds.</summary>
    private const double StopChance = 0.02;

    /// <summary>
    /// Below this chance of something cheaper the search measures its leader again, where it repeats at all. Later would find
    /// the optimum a little sooner, but leave behind an answer that later searches start from and that one noisy trial gave.
    /// </summary>
    private const double RepeatChance = 0.1;

    /// <summary>A measured objective that is better by less than two per cent is not worth finding: its noise is as large.</summary>
    private const float WorthFinding = 0.02f;

    /// <summary>Nothing is given up before so many trials, whatever the worlds say, nor while they give it this chance.</summary>
    private const int EnoughToDespair = 12;

    private const double DespairChance = 0.02;

    /// <summary>A measured candidate that is less likely feasible than this is not nominated, even where nothing else was found.</summary>
    private const double LeastNominated = 0.2;

    private readonly PosteriorWorlds worlds;
    private readonly Vote vote;
    private readonly int[] measurements;
    private readonly int measured;
    private readonly bool repeats;

    /// <param name="pool">The candidates.</param>
    /// <param name="evidence">What was measured.</param>
    /// <param name="worlds">The posterior worlds.</param>
    /// <param name="vote">Their opinion.</param>
    /// <param name="repeats">Whether the search measures its nominee again itself; a sweep does so by its own rules.</param>
    public SearchState(CandidatePool pool, Evidence evidence, PosteriorWorlds worlds, Vote vote, bool repeats)
    {
        (this.worlds, this.vote, this.repeats) = (worlds, vote, repeats);
        Score = worlds.HasScores ? [.. Enumerable.Range(0, pool.Count).Select(id => Mean(worlds.ScoresOf(id)))] : pool.Cost;
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

        Leader = evidence.Measured.Where(id => vote.Feasible[id] >= 0.6).OrderBy(id => Score[id]).ThenByDescending(id => vote.Feasible[id]).Cast<int?>().FirstOrDefault();
        Nominee = evidence.Measured.Where(id => vote.Feasible[id] >= LeastNominated).Distinct().OrderBy(ExpectedRegret).Cast<int?>().FirstOrDefault();
        ChanceOfBetter = worlds.HasScores ? ChanceOfBetterScore() : Share(world => world.Length > 0 && !Taken[world[0]] && (Leader is null || Score[world[0]] < Score[Leader.Value] * (1 - 1e-9)));
        NothingFeasible = Share(world => world.Length == 0);
    }

    /// <summary>By candidate: cost per hour, or what is expected of a measured objective.</summary>
    public double[] Score { get; }

    /// <summary>By candidate: whether it was measured, failed, or is being tried now.</summary>
    public bool[] Taken { get; }

    public int[] Pending { get; }

    /// <summary>The cheapest measured candidate that is probably feasible: what the search tries to beat.</summary>
    public int? Leader { get; }

    /// <summary>
    /// The measured candidate that would be regretted least if the search ended now: rather a dearer one that is surely
    /// feasible than the leader, where the leader is much less so.
    /// </summary>
    public int? Nominee { get; }

    /// <summary>The share of worlds in which something untried is feasible and cheaper than the leader.</summary>
    public double ChanceOfBetter { get; }

    public double NothingFeasible { get; }

    /// <summary>What an untried candidate is expected to save: cost per hour, or as much on the scale of a measured objective.</summary>
    public double ExpectedSaving(int id) => Leader is not { } leader ? 0
        : worlds.HasScores ? MeasuredSaving(id, Score[leader])
        : Math.Max(0, Score[leader] - Score[id]) * vote.Feasible[id];

    /// <summary>The leader, where its own feasibility is the open question rather than something cheaper.</summary>
    public int? WorthRepeating() =>
        Leader is { } id && vote.Feasible[id] < 0.93 && measurements[id] < 3 && ChanceOfBetter < RepeatChance ? id : null;

    public string? StopReason()
    {
        if (Leader is { } id && ChanceOfBetter < StopChance && (!repeats || vote.Feasible[id] >= 0.8 || measurements[id] >= 3))
        {
            return $"something {(worlds.HasScores ? "better" : "cheaper")} is feasible with {ChanceOfBetter:P1} only";
        }

        return Leader is null && measured >= EnoughToDespair && NothingFeasible >= 1 - DespairChance
            ? $"nothing is feasible with {NothingFeasible:P1}"
            : null;
    }

    /// <summary>What this one costs more than a world's best, as a share of it and at most one; one where it is not feasible.</summary>
    private double ExpectedRegret(int id)
    {
        var z = worlds.Candidate(id);
        var sum = 0.0;
        for (var world = 0; world < z.Length; world++)
        {
            sum += z[world] > 0 ? 1 : Math.Min(1, Excess(id, world));
        }

        return sum / z.Length;
    }

    /// <summary>By which share a candidate is worse than a world's best; a measured objective is a logarithm, or on a scale of like spread.</summary>
    private double Excess(int id, int world)
    {
        if (worlds.HasScores)
        {
            return Math.Exp(worlds.ScoresOf(id)[world] - vote.Least[world]) - 1;
        }

        // Where nothing costs anything, a quotient of costs would be no number.
        return Score[id] <= vote.Least[world] ? 0 : (Score[id] / vote.Least[world]) - 1;
    }

    /// <summary>The share of worlds in which something untried is better, by enough to matter, than everything that was tried.</summary>
    private double ChanceOfBetterScore()
    {
        var better = 0;
        for (var world = 0; world < PosteriorWorlds.WorldCount; world++)
        {
            var z = worlds.World(world);
            var scores = worlds.Scores(world);
            var (tried, untried) = (float.PositiveInfinity, float.PositiveInfinity);
            for (var id = 0; id < z.Length; id++)
            {
                if (z[id] <= 0)
                {
                    (tried, untried) = Taken[id] ? (Math.Min(tried, scores[id]), untried) : (tried, Math.Min(untried, scores[id]));
                }
            }

            better += untried + WorthFinding < tried ? 1 : 0;
        }

        return better / (double)PosteriorWorlds.WorldCount;
    }

    private double MeasuredSaving(int id, double least)
    {
        var z = worlds.Candidate(id);
        var scores = worlds.ScoresOf(id);
        var saved = 0.0;
        for (var world = 0; world < z.Length; world++)
        {
            saved += z[world] <= 0 ? Math.Max(0, least - scores[world]) : 0;
        }

        return saved / z.Length;
    }

    private static double Mean(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }

    private double Share(Func<int[], bool> holds) => vote.Hits.Count(holds) / (double)vote.Hits.Length;
}
