namespace Tuner.Search.Bayesian;

/// <summary>
/// The value of the next trial: the chance to hit the optimum with it, or with the ones after it, once its result has told
/// the worlds apart.
/// </summary>
internal sealed class LookAhead
{
    /// <summary>Five outcomes of z; with a measured objective two of z, each with three of the objective.</summary>
    private const int Bins = 6;

    /// <summary>
    /// So many trials are foreseen after this one, without learning in between. One alone has nothing to go by while the
    /// worlds disagree: on the generated tasks six need a sixth fewer trials than one.
    /// </summary>
    private const int Steps = 6;

    /// <summary>A hit one trial later is worth a little less than a hit now.</summary>
    private const double Later = 0.9;

    /// <summary>The normal distribution's quintiles, which part a candidate's z over the worlds into five outcomes.</summary>
    private static readonly float[] Quintiles = [-0.8416f, -0.2533f, 0.2533f, 0.8416f];

    /// <summary>The normal distribution's terciles.</summary>
    private static readonly float[] Terciles = [-0.4307f, 0.4307f];

    private readonly PosteriorWorlds worlds;
    private readonly int[][] hits;
    private readonly int[] hitters;
    private readonly int[] votes;
    private readonly int[] members;
    private readonly int[] lengths = new int[Bins];

    /// <param name="worlds">The posterior worlds.</param>
    /// <param name="hits">By world, places in <paramref name="hitters"/> of the candidates that hit there.</param>
    /// <param name="hitters">The candidates that hit somewhere.</param>
    private LookAhead(PosteriorWorlds worlds, int[][] hits, int[] hitters)
    {
        (this.worlds, this.hits, this.hitters) = (worlds, hits, hitters);
        votes = new int[hitters.Length];
        members = new int[Bins * hits.Length];
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

    /// <summary>
    /// The chance that this candidate hits, plus the discounted chances that the best ones after its result do, each
    /// counted in the worlds that the ones before it missed.
    /// </summary>
    public double Value(int candidate)
    {
        var z = worlds.Candidate(candidate);
        var scores = worlds.ScoresOf(candidate);
        var edges = scores.IsEmpty ? Edges(z, Quintiles) : Edges(scores, Terciles);
        var own = Array.IndexOf(hitters, candidate);
        Array.Clear(lengths);
        var hit = 0;
        for (var world = 0; world < hits.Length; world++)
        {
            if (own >= 0 && Array.IndexOf(hits[world], own) >= 0)
            {
                hit++;
            }
            else if (hits[world].Length > 0)
            {
                var bin = scores.IsEmpty ? Bin(z[world], edges) : (z[world] > 0 ? Bins / 2 : 0) + Bin(scores[world], edges);
                members[(bin * hits.Length) + lengths[bin]++] = world;
            }
        }

        var later = 0.0;
        for (var bin = 0; bin < Bins; bin++)
        {
            later += Cover(members.AsSpan(bin * hits.Length, lengths[bin]));
        }

        return (hit + later) / hits.Length;
    }

    /// <summary>Greedy: the candidate that hits most of these worlds, then the one that hits most of the rest.</summary>
    private double Cover(Span<int> left)
    {
        var (total, worth) = (0.0, Later);
        Array.Clear(votes);
        foreach (var world in left)
        {
            foreach (var winner in hits[world])
            {
                votes[winner]++;
            }
        }

        for (var step = 0; step < Steps && left.Length > 0; step++, worth *= Later)
        {
            var best = 0;
            for (var place = 1; place < votes.Length; place++)
            {
                best = votes[place] > votes[best] ? place : best;
            }

            total += worth * votes[best];
            if (step + 1 == Steps || votes[best] == 0)
            {
                break;
            }

            var kept = 0;
            foreach (var world in left)
            {
                if (Array.IndexOf(hits[world], best) < 0)
                {
                    left[kept++] = world;
                    continue;
                }

                foreach (var winner in hits[world])
                {
                    votes[winner]--;
                }
            }

            left = left[..kept];
        }

        return total;
    }

    private static float[] Edges(ReadOnlySpan<float> z, float[] quantiles)
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (var value in z)
        {
            sum += value;
            squares += value * value;
        }

        var mean = sum / z.Length;
        var deviation = Math.Sqrt(Math.Max(0, (squares / z.Length) - (mean * mean)));
        return Array.ConvertAll(quantiles, quantile => (float)(mean + (quantile * deviation)));
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
