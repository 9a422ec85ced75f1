using MathNet.Numerics.Distributions;

namespace Tuner.Search.Bayesian;

/// <summary>
/// Functions drawn from the prior, at every candidate: one set for each particle and SLO. A Matern-5/2 process is drawn by
/// random Fourier features (Rahimi and Recht 2007; its spectral density is a multivariate t with five degrees of freedom);
/// with measurements they are corrected along the exact kernel (Wilson et al. 2020, "Efficiently sampling functions from
/// Gaussian process posteriors"). That costs candidates x features, where a Cholesky factor costs candidates cubed.
/// </summary>
internal sealed class PriorWorlds
{
    /// <summary>Half cosines, half sines: the sampled covariance then errs by about 1/sqrt(256) of the variance.</summary>
    private const int Frequencies = 128;

    /// <summary>Beliefs about hyper-parameters; the weights of 32 still tell good from bad, and 64 cost twice as much.</summary>
    public const int ParticleCount = 32;

    /// <summary>Functions for each particle and SLO.</summary>
    public const int DrawCount = 64;

    private readonly FeatureTable features;
    private readonly float[][] draws;
    private readonly Dictionary<(int Particle, int At), float[]> columns = [];

    public PriorWorlds(FeatureTable features, int slos, int seed)
    {
        this.features = features;
        var random = new Random(seed);
        Particles = [.. Enumerable.Range(0, ParticleCount).Select(number => Particle.Draw(features, random, useCost: number % 2 == 1))];
        draws = new float[ParticleCount * slos][];
        for (var particle = 0; particle < ParticleCount; particle++)
        {
            var waves = Waves(Particles[particle], random);
            for (var slo = 0; slo < slos; slo++)
            {
                draws[(slo * ParticleCount) + particle] = Draw(Particles[particle], waves, random);
            }
        }
    }

    public IReadOnlyList<Particle> Particles { get; }

    public int Candidates => features.Count;

    /// <summary>One prior function, a value for each candidate.</summary>
    public ReadOnlySpan<float> Of(int slo, int particle, int draw) =>
        draws[(slo * ParticleCount) + particle].AsSpan(draw * features.Count, features.Count);

    /// <summary>The particle's covariance of one candidate with all; kept, since measured candidates stay measured.</summary>
    public float[] Column(int particle, int at)
    {
        if (!columns.TryGetValue((particle, at), out var column))
        {
            column = Kernel.Column(features, Particles[particle], at);
            columns[(particle, at)] = column;
        }

        return column;
    }

    /// <summary>The particle's prior mean at a candidate.</summary>
    public double MeanAt(int particle, int at)
    {
        var mean = Kernel.Mean;
        for (var slope = 0; slope < features.Trend.Count; slope++)
        {
            mean += Particles[particle].SlopeMeans[slope] * features.Trend[slope][at];
        }

        return mean;
    }

    /// <summary>cos and sin of the particle's random frequencies at each candidate, row by row.</summary>
    private float[] Waves(Particle particle, Random random)
    {
        var phase = new float[features.Count * Frequencies];
        var normal = new double[features.Kernel.Count];
        for (var frequency = 0; frequency < Frequencies; frequency++)
        {
            Normal.Samples(random, normal, 0, 1);
            // A t vector: normal over the root of chi-squared / 5.
            var stretch = 1 / Math.Sqrt(ChiSquared.Sample(random, 5) / 5);
            for (var column = 0; column < normal.Length; column++)
            {
                var omega = (float)(normal[column] * stretch * particle.InverseLengths[column]);
                var values = features.Kernel[column];
                for (var row = 0; row < values.Length; row++)
                {
                    phase[(row * Frequencies) + frequency] += omega * values[row];
                }
            }
        }

        var waves = new float[features.Count * 2 * Frequencies];
        for (var row = 0; row < features.Count; row++)
        {
            for (var frequency = 0; frequency < Frequencies; frequency++)
            {
                var (sin, cos) = MathF.SinCos(phase[(row * Frequencies) + frequency]);
                waves[(row * 2 * Frequencies) + frequency] = cos;
                waves[(((row * 2) + 1) * Frequencies) + frequency] = sin;
            }
        }

        return waves;
    }

    private float[] Draw(Particle particle, float[] waves, Random random)
    {
        const int Width = 2 * Frequencies;
        var functions = new float[DrawCount * features.Count];
        var weights = new double[Width];
        var amplitude = (float)(particle.Deviation / Math.Sqrt(Frequencies));
        for (var draw = 0; draw < DrawCount; draw++)
        {
            Normal.Samples(random, weights, 0, 1);
            var w = Array.ConvertAll(weights, weight => (float)weight * amplitude);
            var function = functions.AsSpan(draw * features.Count, features.Count);
            function.Fill((float)(Kernel.Mean + (Kernel.MeanDeviation * Normal.Sample(random, 0, 1))));
            for (var slope = 0; slope < features.Trend.Count; slope++)
            {
                var value = (float)Normal.Sample(random, particle.SlopeMeans[slope], particle.SlopeDeviations[slope]);
                Spans.AddScaled(features.Trend[slope], value, function);
            }

            for (var row = 0; row < function.Length; row++)
            {
                function[row] += Spans.Dot(waves.AsSpan(row * Width, Width), w);
            }
        }

        return functions;
    }
}
