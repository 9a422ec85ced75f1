using Tuner.Core.Statistics;

namespace Tuner.Core.Slos;

/// <summary>
/// The noise of a ratio Σk/Σn (a share, a mean) over the seconds of one or more runs, when neighbouring seconds are alike:
/// linearised residuals k - ratio·n through <see cref="LongRunVariance"/>, phases and runs added up, each around its own
/// ratio (how runs differ is another part of the noise).
/// </summary>
internal readonly record struct RatioVariance(double Ratio, double Denominator, double VarianceOfSum, double Degrees)
{
    /// <summary>Standard deviation of the ratio relative to the ratio.</summary>
    public double Relative => Ratio > 0 ? Math.Sqrt(VarianceOfSum) / (Ratio * Denominator) : 0;

    /// <param name="segments">For each phase of each run the numerator and denominator of every second.</param>
    public static RatioVariance Of(IReadOnlyList<(double[] Numerator, double[] Denominator)> segments)
    {
        double variance = 0, degrees = 0, numerators = 0, denominators = 0;
        foreach (var (k, n) in segments)
        {
            double sum = k.Sum(), all = n.Sum();
            numerators += sum;
            denominators += all;
            var residuals = new double[k.Length];
            for (var second = 0; second < k.Length; second++)
            {
                residuals[second] = k[second] - (all > 0 ? sum / all * n[second] : 0);
            }

            var cosines = LongRunVariance.Degrees(residuals.Length);
            variance += residuals.Length * LongRunVariance.Estimate(residuals, cosines);
            degrees += cosines;
        }

        return new RatioVariance(denominators > 0 ? numerators / denominators : 0, denominators, variance, degrees);
    }
}
