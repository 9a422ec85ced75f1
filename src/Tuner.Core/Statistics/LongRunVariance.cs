namespace Tuner.Core.Statistics;

/// <summary>
/// The variance per step of a sum of correlated values: bad seconds come in clusters, so the variance of a single second
/// times the number of seconds is far too small. Equal-weighted cosine estimator: the mean of squares of the first ν
/// type-II cosine transforms, whose ratio with the mean follows Student's t with ν degrees
/// (Lazarus, Lewis, Stock and Watson 2018, "HAR Inference: Recommendations for Practice", JBES 36(4), eq. 10 and 12).
/// </summary>
public static class LongRunVariance
{
    /// <summary>How many cosines a series of this length is given: 0.4 T^(2/3), the paper's rule, at least two.</summary>
    public static int Degrees(int length) => length < 3 ? 0 : Math.Clamp((int)Math.Round(0.4 * Math.Pow(length, 2.0 / 3)), 2, length - 1);

    /// <summary>The estimate Ω, so that Var(Σ values) is about length times Ω; zero where the series is too short for one.</summary>
    public static double Estimate(ReadOnlySpan<double> values, int degrees)
    {
        if (degrees == 0 || values.Length == 0)
        {
            return 0;
        }

        double sum = 0;
        for (var j = 1; j <= degrees; j++)
        {
            double transform = 0;
            for (var t = 0; t < values.Length; t++)
            {
                transform += values[t] * Math.Cos(Math.PI * j * (t + 0.5) / values.Length);
            }

            sum += transform * transform * 2 / values.Length;
        }

        return sum / degrees;
    }
}
