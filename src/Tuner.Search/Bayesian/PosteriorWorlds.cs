namespace Tuner.Search.Bayesian;

/// <summary>
/// Functions drawn from the posterior: what the whole space may look like, given what was measured. In each world a
/// candidate's z is the largest over the SLOs; it is feasible where that is at most zero.
/// </summary>
internal sealed class PosteriorWorlds
{
    /// <summary>The standard error of a share of one half is then two per cent.</summary>
    public const int WorldCount = 640;

    private readonly float[] values;
    private readonly float[] transposed;

    private PosteriorWorlds(float[] values, int candidates)
    {
        this.values = values;
        transposed = Transpose(values, candidates);
        Candidates = candidates;
    }

    public int Candidates { get; }

    /// <summary>The largest z over the SLOs at each candidate.</summary>
    public ReadOnlySpan<float> World(int world) => values.AsSpan(world * Candidates, Candidates);

    /// <summary>One candidate's largest z in each world.</summary>
    public ReadOnlySpan<float> Candidate(int id) => transposed.AsSpan(id * WorldCount, WorldCount);

    public static PosteriorWorlds Of(PriorWorlds prior, Evidence evidence, int seed)
    {
        var count = prior.Candidates;
        var z = new float[WorldCount * count];
        Array.Fill(z, float.NegativeInfinity);
        var random = new Random(seed);
        var function = new float[count];
        for (var slo = 0; slo < evidence.Readings.Length; slo++)
        {
            if (slo == evidence.Readings.Length - 1 && evidence.Readings[slo].Length == 0)
            {
                break;
            }

            var readings = evidence.Readings[slo];
            var posteriors = Enumerable.Range(0, prior.Count).Select(particle => new ParticlePosterior(prior, slo, particle, readings, random)).ToArray();
            var (order, next) = (Shuffled(WorldCount, random), 0);
            var counts = Resample([.. posteriors.Select(posterior => posterior.LogEvidence)], random);
            for (var particle = 0; particle < counts.Length; particle++)
            {
                for (var copy = 0; copy < counts[particle]; copy++)
                {
                    posteriors[particle].Draw(copy % PriorWorlds.DrawCount, random, function);
                    Spans.Max(function, z.AsSpan(order[next++] * count, count));
                }
            }
        }

        return new PosteriorWorlds(z, count);
    }

    /// <summary>ln of the probability of the readings under all particles together, up to a constant of the evidence.</summary>
    public static double LogEvidence(PriorWorlds prior, Evidence evidence, int seed)
    {
        var (random, total) = (new Random(seed), 0.0);
        for (var slo = 0; slo < evidence.Readings.Length - 1; slo++)
        {
            var readings = evidence.Readings[slo];
            var logs = Enumerable.Range(0, prior.Count).Select(particle => new ParticlePosterior(prior, slo, particle, readings, random).LogEvidence).ToArray();
            var highest = logs.Max();
            total += highest + Math.Log(logs.Average(log => Math.Exp(log - highest)));
        }

        return total;
    }

    /// <summary>How many worlds each particle gets: systematic resampling by evidence.</summary>
    private static int[] Resample(double[] logWeights, Random random)
    {
        var highest = logWeights.Max();
        var weights = Array.ConvertAll(logWeights, value => Math.Exp(value - highest));
        var step = weights.Sum() / WorldCount;
        var counts = new int[weights.Length];
        var (position, passed) = (random.NextDouble() * step, 0.0);
        for (var particle = 0; particle < weights.Length; particle++)
        {
            passed += weights[particle];
            while (position < passed)
            {
                counts[particle]++;
                position += step;
            }
        }

        // Rounding can leave the last step outside the sum.
        counts[Array.IndexOf(weights, weights.Max())] += WorldCount - counts.Sum();
        return counts;
    }

    private static int[] Shuffled(int count, Random random)
    {
        var order = Enumerable.Range(0, count).ToArray();
        random.Shuffle(order);
        return order;
    }

    private static float[] Transpose(float[] values, int candidates)
    {
        const int Block = 16;
        var result = new float[values.Length];
        for (var world = 0; world < WorldCount; world += Block)
        {
            for (var id = 0; id < candidates; id++)
            {
                for (var next = world; next < Math.Min(world + Block, WorldCount); next++)
                {
                    result[(id * WorldCount) + next] = values[(next * candidates) + id];
                }
            }
        }

        return result;
    }
}
