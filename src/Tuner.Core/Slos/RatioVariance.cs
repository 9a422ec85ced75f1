using Tuner.Core.Statistics;

namespace Tuner.Core.Slos;

/// <summary>
/// The noise of a ratio Σk/Σn (a share, a mean) over the seconds of one or more runs, when neighbouring seconds are alike:
/// linearised residuals k - ratio·n through <see cref="LongRunVariance"/>, runs added up.
/// </summary>
internal readonly record struct RatioVariance(double Ratio, double Denominator, double VarianceOfSum, double Degrees)
{
    /// <summary>Standard deviation of the ratio relative to the ratio.</summary>
    public double Relative => Ratio > 0 ? Math.Sqrt(VarianceOfSum) / (Ratio * Denominator) : 0;

    /// <param name="runs">For each run the numerator and denominator of every second.</param>
    /// <param name="ratio">The ratio that residuals are taken from; null for the pooled one.</param>
    public static RatioVariance Of(IReadOnlyList<(double[] Numerator, double[] Denominator)> runs, double? ratio = null)
    {
        var denominator = runs.Sum(run => run.Denominator.Sum());
        var center = ratio ?? (denominator > 0 ? runs.Sum(run => run.Numerator.Sum()) / denominator : 0);
        double variance = 0, degrees = 0;
        foreach (var (k, n) in runs)
        {
            var residuals = new double[k.Length];
            for (var second = 0; second < k.Length; second++)
            {
                residuals[second] = k[second] - (center * n[second]);
            }

            var cosines = LongRunVariance.Degrees(residuals.Length);
            variance += residuals.Length * LongRunVariance.Estimate(residuals, cosines);
            degrees += cosines;
        }

        return new RatioVariance(center, denominator, variance, degrees);
    }
}
