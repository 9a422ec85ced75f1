using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;

namespace Tuner.Search.Bayesian;

/// <summary>
/// Functions drawn from the posterior: what the whole space may look like, given what was measured. In each world a
/// candidate's z is the largest over the SLOs; it is feasible where that is at most zero.
/// </summary>
internal sealed class PosteriorWorlds
{
    public const int WorldCount = 640;

    private readonly float[] values;

    private PosteriorWorlds(float[] values, int candidates)
    {
        this.values = values;
        Candidates = candidates;
    }

    public int Candidates { get; }

    /// <summary>The largest z over the SLOs at each candidate.</summary>
    public ReadOnlySpan<float> World(int world) => values.AsSpan(world * Candidates, Candidates);

    public static PosteriorWorlds Of(PriorWorlds prior, Evidence evidence, int seed)
    {
        var count = prior.Candidates;
        var z = new float[WorldCount * count];
        Array.Fill(z, float.NegativeInfinity);
        var random = new Random(seed);
        var function = new float[count];
        for (var slo = 0; slo < evidence.Violations.Length; slo++)
        {
            var posteriors = Enumerable.Range(0, prior.Particles.Count).Select(particle => ParticlePosterior.Of(prior, particle, evidence, slo)).ToArray();
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
}

/// <summary>One particle conditioned on the measurements of one SLO.</summary>
internal sealed class ParticlePosterior
{
    private readonly PriorWorlds prior;
    private readonly int particle;
    private readonly Evidence evidence;
    private readonly int slo;
    private readonly MathNet.Numerics.LinearAlgebra.Factorization.Cholesky<double>? factor;

    private ParticlePosterior(PriorWorlds prior, int particle, Evidence evidence, int slo)
    {
        (this.prior, this.particle, this.evidence, this.slo) = (prior, particle, evidence, slo);
        var ids = evidence.Ids;
        if (ids.Length == 0)
        {
            return;
        }

        var noise = prior.Particles[particle].Noise;
        var columns = Array.ConvertAll(ids, id => prior.Column(particle, id));
        factor = Matrix<double>.Build.Dense(ids.Length, ids.Length, (row, column) =>
            columns[column][ids[row]] + (row == column ? (noise * noise) + 1e-6 : 0)).Cholesky();
        var residual = Vector<double>.Build.Dense(ids.Length, row => evidence.Violations[slo][row] - prior.MeanAt(particle, ids[row]));
        LogEvidence = (-0.5 * residual.DotProduct(factor.Solve(residual))) - (0.5 * factor.DeterminantLn);
    }

    /// <summary>ln p(z | particle), up to a constant (Rasmussen and Williams 2006, equation 2.30).</summary>
    public double LogEvidence { get; }

    public static ParticlePosterior Of(PriorWorlds prior, int particle, Evidence evidence, int slo) => new(prior, particle, evidence, slo);

    /// <summary>f = F + K[:,I] (K_II + noise^2 I)^-1 (y - F_I - noise e): Matheron's rule along one prior function.</summary>
    public void Draw(int draw, Random random, float[] function)
    {
        prior.Of(slo, particle, draw).CopyTo(function);
        if (factor is null)
        {
            return;
        }

        var ids = evidence.Ids;
        var noise = prior.Particles[particle].Noise;
        var gap = Vector<double>.Build.Dense(ids.Length, row =>
            evidence.Violations[slo][row] - function[ids[row]] - (noise * Normal.Sample(random, 0, 1)));
        var weights = factor.Solve(gap);
        for (var row = 0; row < ids.Length; row++)
        {
            Spans.AddScaled(prior.Column(particle, ids[row]), (float)weights[row], function);
        }
    }
}
