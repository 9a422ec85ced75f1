namespace Tuner.Search.Bayesian;

/// <summary>
/// The worlds' opinion. A candidate hits in a world when it is feasible there and nothing cheaper is; candidates of equal
/// cost hit together.
/// </summary>
internal sealed class Vote
{
    /// <summary>Costs closer than this share count as equal.</summary>
    private const double SameCost = 1e-9;

    /// <summary>Measured objectives within about a per cent of the least count as equal, as they do where one is recommended.</summary>
    private const float SameScore = 0.01f;

    private Vote(double[] hit, double[] feasible, int[][] hits, double[] least)
    {
        Hit = hit;
        Feasible = feasible;
        Hits = hits;
        Least = least;
    }

    /// <summary>The share of worlds in which a candidate is the cheapest feasible one.</summary>
    public double[] Hit { get; }

    /// <summary>The share of worlds in which a candidate meets every SLO.</summary>
    public double[] Feasible { get; }

    /// <summary>By world: the cheapest feasible candidates; empty where nothing is feasible.</summary>
    public int[][] Hits { get; }

    /// <summary>By world: the least cost of a feasible candidate, or the least measured objective; infinite where nothing is feasible.</summary>
    public double[] Least { get; }

    private const double Share = 1.0 / PosteriorWorlds.WorldCount;

    public static Vote Of(PosteriorWorlds worlds, double[] cost)
    {
        var byCost = Enumerable.Range(0, cost.Length).OrderBy(id => cost[id]).ToArray();
        var hit = new double[cost.Length];
        var feasible = new double[cost.Length];
        var hits = new int[PosteriorWorlds.WorldCount][];
        var least = new double[hits.Length];
        if (worlds.HasScores)
        {
            return OfMeasured(worlds, hit, feasible, hits, least);
        }

        var cheapest = new List<int>();
        for (var world = 0; world < hits.Length; world++)
        {
            var z = worlds.World(world);
            cheapest.Clear();
            foreach (var id in byCost)
            {
                if (z[id] > 0)
                {
                    continue;
                }

                feasible[id] += Share;
                if (cheapest.Count == 0 || cost[id] <= cost[cheapest[0]] * (1 + SameCost))
                {
                    cheapest.Add(id);
                    hit[id] += Share;
                }
            }

            hits[world] = [.. cheapest];
            least[world] = cheapest.Count > 0 ? cost[cheapest[0]] : double.PositiveInfinity;
        }

        return new Vote(hit, feasible, hits, least);
    }

    private static Vote OfMeasured(PosteriorWorlds worlds, double[] hit, double[] feasible, int[][] hits, double[] leasts)
    {
        var best = new List<int>();
        for (var world = 0; world < hits.Length; world++)
        {
            var z = worlds.World(world);
            var scores = worlds.Scores(world);
            var least = float.PositiveInfinity;
            for (var id = 0; id < z.Length; id++)
            {
                least = z[id] <= 0 ? Math.Min(least, scores[id]) : least;
                feasible[id] += z[id] <= 0 ? Share : 0;
            }

            best.Clear();
            for (var id = 0; id < z.Length; id++)
            {
                if (z[id] <= 0 && scores[id] <= least + SameScore)
                {
                    best.Add(id);
                    hit[id] += Share;
                }
            }

            hits[world] = [.. best];
            leasts[world] = least;
        }

        return new Vote(hit, feasible, hits, leasts);
    }
}
