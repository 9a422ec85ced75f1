namespace Tuner.Search.Bayesian;

/// <summary>
/// The value of the next trial: the chance to hit the optimum with it, or with the one after it, once its result has told
/// the worlds apart.
/// </summary>
internal sealed class LookAhead
{
    private const int Bins = 5;

    /// <summary>A hit one trial later is worth a little less than a hit now.</summary>
    private const double Later = 0.9;

    /// <summary>The normal distribution's quintiles, which part a candidate's z over the worlds into five outcomes.</summary>
    private static readonly float[] Quintiles = [-0.8416f, -0.2533f, 0.2533f, 0.8416f];

    private readonly PosteriorWorlds worlds;
    private readonly int[][] hits;
    private readonly int[] hitters;

    /// <param name="worlds">The posterior worlds.</param>
    /// <param name="hits">By world, places in <paramref name="hitters"/> of the candidates that hit there.</param>
    /// <param name="hitters">The candidates that hit somewhere.</param>
    private LookAhead(PosteriorWorlds worlds, int[][] hits, int[] hitters)
    {
        (this.worlds, this.hits, this.hitters) = (worlds, hits, hitters);
    }

    public static LookAhead Of(PosteriorWorlds worlds, int[][] hits)
    {
        var place = new Dictionary<int, int>();
        var compact = Array.ConvertAll(hits, world => Array.ConvertAll(world, id =>
        {
            if (!place.TryGetValue(id, out var at))
            {
                place[id] = at = place.Count;
            }

            return at;
        }));
        return new LookAhead(worlds, compact, [.. place.Keys]);
    }

    /// <summary>The chance that this candidate hits, plus the discounted chance that the best one after its result does.</summary>
    public double Value(int candidate)
    {
        var (edges, count) = (Edges(candidate), hitters.Length);
        var own = Array.IndexOf(hitters, candidate);
        var votes = new int[Bins * count];
        var hit = 0;
        for (var world = 0; world < hits.Length; world++)
        {
            var winners = hits[world];
            if (own >= 0 && Array.IndexOf(winners, own) >= 0)
            {
                hit++;
                continue;
            }

            var row = votes.AsSpan(Bin(worlds.World(world)[candidate], edges) * count, count);
            foreach (var winner in winners)
            {
                row[winner]++;
            }
        }

        var next = 0;
        for (var bin = 0; bin < Bins && count > 0; bin++)
        {
            var most = 0;
            foreach (var vote in votes.AsSpan(bin * count, count))
            {
                most = Math.Max(most, vote);
            }

            next += most;
        }

        return (hit + (Later * next)) / hits.Length;
    }

    private float[] Edges(int candidate)
    {
        var (sum, squares) = (0.0, 0.0);
        for (var world = 0; world < hits.Length; world++)
        {
            double z = worlds.World(world)[candidate];
            sum += z;
            squares += z * z;
        }

        var mean = sum / hits.Length;
        var deviation = Math.Sqrt(Math.Max(0, (squares / hits.Length) - (mean * mean)));
        return Array.ConvertAll(Quintiles, quintile => (float)(mean + (quintile * deviation)));
    }

    private static int Bin(float z, float[] edges)
    {
        var bin = 0;
        while (bin < edges.Length && z > edges[bin])
        {
            bin++;
        }

        return bin;
    }
}
