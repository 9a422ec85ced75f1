namespace Tuner.Search.Bayesian;

/// <summary>
/// Functions drawn from the posterior: what the whole space may look like, given what was measured. In each world a
/// candidate's z is the largest over the SLOs; it is feasible where that is at most zero. Where the objective is measured,
/// each world has a function of it too.
/// </summary>
internal sealed class PosteriorWorlds
{
    /// <summary>The standard error of a share of one half is then two per cent.</summary>
    public const int WorldCount = 640;

    /// <summary>What the worlds call a candidate that is no answer whatever it is in truth: not feasible, and otherwise as it is.</summary>
    private const float JustInfeasible = 1e-3f;

    private readonly float[] values;
    private readonly float[] transposed;
    private readonly float[]? scores;
    private readonly float[] transposedScores;

    private PosteriorWorlds(float[] values, float[]? scores, int candidates)
    {
        (this.values, this.scores) = (values, scores);
        transposed = Transpose(values, candidates);
        transposedScores = scores is null ? [] : Transpose(scores, candidates);
        Candidates = candidates;
    }

    public int Candidates { get; }

    /// <summary>The largest z over the SLOs at each candidate.</summary>
    public ReadOnlySpan<float> World(int world) => values.AsSpan(world * Candidates, Candidates);

    /// <summary>One candidate's largest z in each world.</summary>
    public ReadOnlySpan<float> Candidate(int id) => transposed.AsSpan(id * WorldCount, WorldCount);

    /// <summary>Whether what is minimized is measured, and part of the worlds.</summary>
    public bool HasScores => scores is not null;

    /// <summary>What is minimized at each candidate, on the scale of its process; only where it is measured.</summary>
    public ReadOnlySpan<float> Scores(int world) => scores.AsSpan(world * Candidates, Candidates);

    /// <summary>What is minimized at one candidate in each world; empty where it is known.</summary>
    public ReadOnlySpan<float> ScoresOf(int id) => scores is null ? [] : transposedScores.AsSpan(id * WorldCount, WorldCount);

    /// <param name="prior">Beliefs about the SLOs and about failures.</param>
    /// <param name="evidence">What was measured.</param>
    /// <param name="seed">Chance.</param>
    /// <param name="objective">Beliefs about what is minimized, where it is measured and they are others.</param>
    public static PosteriorWorlds Of(PriorWorlds prior, Evidence evidence, int seed, PriorWorlds? objective = null)
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

            DrawEach(prior, slo, evidence.Readings[slo], random, function, world => Spans.Max(function, z.AsSpan(world * count, count)));
        }

        foreach (var id in evidence.NoAnswers)
        {
            for (var at = id; at < z.Length; at += count)
            {
                z[at] = Math.Max(z[at], JustInfeasible);
            }
        }

        return new PosteriorWorlds(z, Scores(objective ?? prior, evidence.Objective, random, function), count);
    }

    private static float[]? Scores(PriorWorlds prior, ObjectiveReadings? objective, Random random, float[] function)
    {
        if (objective is null)
        {
            return null;
        }

        var drawn = new float[WorldCount * prior.Candidates];
        DrawEach(prior, prior.ObjectiveAt, objective.Readings, random, function, world =>
        {
            var score = drawn.AsSpan(world * prior.Candidates, prior.Candidates);
            function.CopyTo(score);
            Spans.AddScaled(objective.Offset, 1, score);
        });
        return drawn;
    }

    /// <summary>A function for each world, in <paramref name="function"/> while <paramref name="use"/> is called with the world.</summary>
    private static void DrawEach(PriorWorlds prior, int place, Reading[] readings, Random random, float[] function, Action<int> use)
    {
        var posteriors = Enumerable.Range(0, prior.Count).Select(particle => new ParticlePosterior(prior, place, particle, readings, random)).ToArray();
        var (order, next) = (Shuffled(WorldCount, random), 0);
        var counts = Resample([.. posteriors.Select(posterior => posterior.LogEvidence)], random);
        for (var particle = 0; particle < counts.Length; particle++)
        {
            for (var copy = 0; copy < counts[particle]; copy++)
            {
                posteriors[particle].Draw(copy % PriorWorlds.DrawCount, random, function);
                use(order[next++]);
            }
        }
    }

    /// <summary>ln of the probability of the SLOs' readings under all particles together, up to a constant of the evidence.</summary>
    public static double LogEvidence(PriorWorlds prior, Evidence evidence, int seed)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, evidence.Readings.Length - 1).Sum(slo => LogEvidence(prior, slo, evidence.Readings[slo], random));
    }

    /// <summary>The same for the readings of a measured objective.</summary>
    public static double LogEvidence(PriorWorlds prior, ObjectiveReadings objective, int seed) =>
        LogEvidence(prior, prior.ObjectiveAt, objective.Readings, new Random(seed));

    private static double LogEvidence(PriorWorlds prior, int place, Reading[] readings, Random random)
    {
        var logs = Enumerable.Range(0, prior.Count).Select(particle => new ParticlePosterior(prior, place, particle, readings, random).LogEvidence).ToArray();
        var highest = logs.Max();
        return highest + Math.Log(logs.Average(log => Math.Exp(log - highest)));
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
