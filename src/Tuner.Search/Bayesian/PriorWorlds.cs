using MathNet.Numerics.Distributions;
using Tuner.Core.Search;

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
    private const int ParticleCount = 32;

    /// <summary>Functions for each particle and SLO.</summary>
    public const int DrawCount = 64;

    private readonly FeatureTable features;
    private readonly int slos;
    private readonly int seed;
    private readonly Particle[] particles;
    private readonly Particle[] failures;
    private readonly Particle[] objective;
    private readonly float[]?[] waves;
    private readonly float[]?[] draws;
    private readonly float[]?[] predicted;
    private readonly float[][] predictedObjective;
    private readonly Dictionary<(int Particle, int At), float[]> columns = [];

    /// <param name="features">The candidates.</param>
    /// <param name="slos">The number of SLOs; one more function is drawn for failures when it is asked for.</param>
    /// <param name="seed">Chance.</param>
    /// <param name="history">Earlier sweeps of the workload; null where there are none.</param>
    /// <param name="objective">Where it is measured, functions of it are drawn too.</param>
    public PriorWorlds(FeatureTable features, int slos, int seed, HistoryPrior? history = null, ObjectiveBasis objective = ObjectiveBasis.Known)
        : this(features, slos, seed, Particles(features, seed), history, objective)
    {
    }

    /// <summary>The same with given beliefs.</summary>
    internal PriorWorlds(FeatureTable features, int slos, int seed, Particle[] particles, HistoryPrior? history = null, ObjectiveBasis objective = ObjectiveBasis.Known)
    {
        (this.features, this.slos, this.seed) = (features, slos, seed);
        this.particles = history is null ? particles : history.Believed(particles, seed);
        predicted = new float[slos * Count][];
        for (var function = 0; function < predicted.Length && history is not null; function++)
        {
            var (slo, particle) = (function / Count, function % Count);
            predicted[function] = history.Predict(features, slo, particles[particle], this.particles[particle].Trust);
        }

        var known = objective is ObjectiveBasis.Known;
        predictedObjective = history is null || known ? [] : Array.ConvertAll(particles, particle => history.PredictObjective(features, particle.ForObjective(objective is ObjectiveBasis.MeasuredPerPrice)));
        waves = new float[Count][];
        failures = Array.ConvertAll(particles, particle => particle.ForFailures(features));
        this.objective = known ? [] : Array.ConvertAll(this.particles, particle => particle.ForObjective(objective is ObjectiveBasis.MeasuredPerPrice));
        draws = new float[(slos + 2) * Count][];
        for (var function = 0; function < slos * Count; function++)
        {
            Of(function / Count, function % Count, 0);
        }
    }

    /// <summary>The number of particles.</summary>
    public int Count => particles.Length;

    public int Candidates => features.Count;

    /// <summary>The place of the measured objective's functions, behind those of the SLOs and that of failures.</summary>
    public int ObjectiveAt => slos + 1;

    /// <summary>The particle's belief about an SLO, about failures, or about the objective.</summary>
    public Particle ParticleOf(int slo, int particle) => slo < slos ? particles[particle] : slo == slos ? failures[particle] : objective[particle];

    /// <summary>One prior function, a value for each candidate.</summary>
    public ReadOnlySpan<float> Of(int slo, int particle, int draw)
    {
        var at = (slo * Count) + particle;
        draws[at] ??= Draw(ParticleOf(slo, particle), Predicted(slo, particle), waves[particle] ??= Waves(particles[particle], SeedOf(slos + 1, particle)), SeedOf(ChanceOf(slo), particle));
        return draws[at].AsSpan(draw * features.Count, features.Count);
    }

    /// <summary>The particle's covariance of one candidate with all; kept, since measured candidates stay measured.</summary>
    public float[] Column(int particle, int at)
    {
        if (!columns.TryGetValue((particle, at), out var column))
        {
            column = Kernel.Column(features, particles[particle], at);
            columns[(particle, at)] = column;
        }

        return column;
    }

    /// <summary>The prior mean at a candidate.</summary>
    public double MeanAt(int slo, int particle, int at)
    {
        var belief = ParticleOf(slo, particle);
        double mean = belief.Mean + (Predicted(slo, particle)?[at] ?? 0);
        for (var slope = 0; slope < features.Trend.Count; slope++)
        {
            mean += belief.SlopeMeans[slope] * features.Trend[slope][at];
        }

        return mean;
    }

    private float[]? Predicted(int slo, int particle) =>
        slo < slos ? predicted[(slo * Count) + particle]
        : slo == ObjectiveAt && predictedObjective.Length > 0 ? predictedObjective[particle]
        : null;

    private static Particle[] Particles(FeatureTable features, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, ParticleCount).Select(number => Particle.Draw(features, random, useCost: number % 2 == 1))];
    }

    /// <summary>The places of the SLOs, of failures, of the waves; the objective's own chance comes behind these.</summary>
    private int ChanceOf(int function) => function <= slos ? function : function + 1;

    private Random SeedOf(int slo, int particle) => new(unchecked((((seed * 7_919) + slo) * 104_729) + particle));

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
                if (omega == 0)
                {
                    continue;
                }

                var values = features.Kernel[column];
                for (var row = 0; row < values.Length; row++)
                {
                    phase[(row * Frequencies) + frequency] += omega * values[row];
                }
            }
        }

        var result = new float[features.Count * 2 * Frequencies];
        for (var row = 0; row < features.Count; row++)
        {
            for (var frequency = 0; frequency < Frequencies; frequency++)
            {
                var (sin, cos) = MathF.SinCos(phase[(row * Frequencies) + frequency]);
                result[(row * 2 * Frequencies) + frequency] = cos;
                result[(((row * 2) + 1) * Frequencies) + frequency] = sin;
            }
        }

        return result;
    }

    private float[] Draw(Particle particle, float[]? offset, float[] wave, Random random)
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
            function.Fill((float)(particle.Mean + (particle.MeanDeviation * Normal.Sample(random, 0, 1))));
            if (offset is not null)
            {
                Spans.AddScaled(offset, 1, function);
            }

            for (var slope = 0; slope < features.Trend.Count; slope++)
            {
                var value = (float)Normal.Sample(random, particle.SlopeMeans[slope], particle.SlopeDeviations[slope]);
                Spans.AddScaled(features.Trend[slope], value, function);
            }

            for (var row = 0; row < function.Length; row++)
            {
                function[row] += Spans.Dot(wave.AsSpan(row * Width, Width), w);
            }
        }

        return functions;
    }
}
