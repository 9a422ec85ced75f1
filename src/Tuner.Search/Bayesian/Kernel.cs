namespace Tuner.Search.Bayesian;

/// <summary>Covariances of a particle's prior between one candidate and all of them.</summary>
internal static class Kernel
{
    /// <summary>The prior mean of z: before anything is measured a candidate rather misses its SLOs by a factor e^0.4.</summary>
    public const double Mean = 0.4;

    /// <summary>The deviation of that mean, in ln units.</summary>
    public const double MeanDeviation = 1;

    public static float[] Column(FeatureTable features, Particle particle, int at)
    {
        var column = new float[features.Count];
        for (var feature = 0; feature < features.Kernel.Count; feature++)
        {
            var values = features.Kernel[feature];
            var (here, scale) = (values[at], particle.InverseLengths[feature]);
            for (var row = 0; row < column.Length; row++)
            {
                var distance = (values[row] - here) * scale;
                column[row] += distance * distance;
            }
        }

        var variance = (float)(particle.Deviation * particle.Deviation);
        for (var row = 0; row < column.Length; row++)
        {
            column[row] = (variance * Matern52(MathF.Sqrt(column[row]))) + (float)(MeanDeviation * MeanDeviation);
        }

        for (var slope = 0; slope < features.Trend.Count; slope++)
        {
            var values = features.Trend[slope];
            var weight = values[at] * (float)(particle.SlopeDeviations[slope] * particle.SlopeDeviations[slope]);
            if (weight != 0)
            {
                for (var row = 0; row < column.Length; row++)
                {
                    column[row] += weight * values[row];
                }
            }
        }

        return column;
    }

    /// <summary>(1 + sqrt(5) r + 5/3 r^2) exp(-sqrt(5) r); Rasmussen and Williams 2006, equation 4.17.</summary>
    internal static float Matern52(float r)
    {
        var a = 2.236068f * r;
        return (1 + a + (a * a / 3)) * MathF.Exp(-a);
    }
}
