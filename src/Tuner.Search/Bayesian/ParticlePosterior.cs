using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Tuner.Search.Bayesian;

/// <summary>
/// One particle conditioned on the readings of one function. Readings that are only bounds are filled in by the
/// Geweke-Hajivassiliou-Keane sampler: along the Cholesky factor, each from its truncated conditional normal; the product
/// of the probabilities weighs the fill, and its mean is the evidence of the bounds.
/// </summary>
internal sealed class ParticlePosterior
{
    /// <summary>Fills kept for each particle.</summary>
    private const int Fills = 12;

    /// <summary>Not even a warped value is known better than this, in ln units.</summary>
    private const double LeastNoise = 0.02;

    private readonly PriorWorlds prior;
    private readonly int slo;
    private readonly int particle;
    private readonly Reading[] readings;
    private readonly double[] noise = [];
    private readonly Cholesky<double>? factor;
    private readonly double[][] fills = [];
    private readonly double[] cumulative = [];

    public ParticlePosterior(PriorWorlds prior, int slo, int particle, Reading[] readings, Random random)
    {
        var belief = prior.ParticleOf(slo, particle);
        var seen = Array.ConvertAll(readings, reading => reading.SeenBy(belief));
        readings = Array.ConvertAll(seen, each => each.Seen);
        (this.prior, this.slo, this.particle, this.readings) = (prior, slo, particle, readings);
        if (readings.Length == 0)
        {
            return;
        }

        noise = Array.ConvertAll(seen, each => Math.Max(LeastNoise, belief.Noise * each.Slope));

        // Particles that warp differently are held against the same measurements: their densities are those of the measured values.
        LogEvidence = seen.Sum(each => Math.Log(each.Slope));
        var columns = Array.ConvertAll(readings, reading => prior.Column(particle, reading.Id));
        factor = Matrix<double>.Build.Dense(readings.Length, readings.Length, (row, column) =>
            columns[column][readings[row].Id] + (row == column ? (noise[row] * noise[row]) + 1e-6 : 0)).Cholesky();
        var lower = factor.Factor.ToRowArrays();
        var mean = Array.ConvertAll(readings, reading => prior.MeanAt(slo, particle, reading.Id));
        var exact = readings.TakeWhile(reading => reading.IsExact).Count();
        var white = new double[readings.Length];
        for (var row = 0; row < exact; row++)
        {
            white[row] = (readings[row].Low - mean[row] - Dot(lower[row], white, row)) / lower[row][row];
            LogEvidence -= (0.5 * white[row] * white[row]) + Math.Log(lower[row][row]);
        }

        var count = exact == readings.Length ? 1 : Fills;
        fills = new double[count][];
        var weights = new double[count];
        for (var fill = 0; fill < count; fill++)
        {
            (fills[fill], weights[fill]) = Fill(lower, mean, white, exact, random);
        }

        var highest = weights.Max();
        var total = 0.0;
        cumulative = Array.ConvertAll(weights, weight => total += Math.Exp(weight - highest));
        LogEvidence += highest + Math.Log(total / count);
    }

    /// <summary>ln p(readings | particle), up to a constant (Rasmussen and Williams 2006, equation 2.30).</summary>
    public double LogEvidence { get; }

    /// <summary>f = F + K[:,I] (K_II + noise^2 I)^-1 (y - F_I - noise e): Matheron's rule along one prior function.</summary>
    public void Draw(int draw, Random random, float[] function)
    {
        prior.Of(slo, particle, draw).CopyTo(function);
        if (factor is null)
        {
            return;
        }

        var position = random.NextDouble() * cumulative[^1];
        var at = Array.FindIndex(cumulative, sum => sum >= position);
        var y = fills[Math.Max(0, at)];
        var gap = Vector<double>.Build.Dense(y.Length, row => y[row] - function[readings[row].Id] - (noise[row] * Normal.Sample(random, 0, 1)));
        var weights = factor.Solve(gap);
        for (var row = 0; row < y.Length; row++)
        {
            Spans.AddScaled(prior.Column(particle, readings[row].Id), (float)weights[row], function);
        }
    }

    private (double[] Values, double LogWeight) Fill(double[][] lower, double[] mean, double[] known, int exact, Random random)
    {
        var (white, values, logWeight) = ((double[])known.Clone(), new double[known.Length], 0.0);
        for (var row = 0; row < values.Length; row++)
        {
            if (row < exact)
            {
                values[row] = readings[row].Low;
                continue;
            }

            var (centre, spread) = (mean[row] + Dot(lower[row], white, row), lower[row][row]);
            var (from, to) = (Normal.CDF(0, 1, (readings[row].Low - centre) / spread), Normal.CDF(0, 1, (readings[row].High - centre) / spread));
            var probability = Math.Max(to - from, 1e-12);
            logWeight += Math.Log(probability);
            white[row] = Normal.InvCDF(0, 1, Math.Clamp(from + (probability * random.NextDouble()), 1e-12, 1 - 1e-12));
            values[row] = centre + (spread * white[row]);
        }

        return (values, logWeight);
    }

    private static double Dot(double[] a, double[] b, int count)
    {
        var sum = 0.0;
        for (var index = 0; index < count; index++)
        {
            sum += a[index] * b[index];
        }

        return sum;
    }
}
