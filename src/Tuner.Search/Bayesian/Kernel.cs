namespace Tuner.Search.Bayesian;

/// <summary>Covariances of a particle's prior between one candidate and all of them.</summary>
internal static class Kernel
{
    /// <summary>The deviation of the prior mean of z, in ln units.</summary>
    public const double MeanDeviation = 1;

    public static float[] Column(FeatureTable features, Particle particle, int at)
    {
        var count = features.Count;
        var (squares, column) = (new float[count], new float[count]);
        Array.Fill(column, (float)(particle.MeanDeviation * particle.MeanDeviation));
        for (var feature = 0; feature < features.Kernel.Count; feature++)
        {
            AddDistance(features.Kernel[feature], at, particle.InverseLengths[feature], squares);
        }

        AddMatern(squares, (float)(particle.Deviation * particle.Deviation), column);
        for (var slope = 0; slope < features.Trend.Count; slope++)
        {
            var values = features.Trend[slope];
            Spans.AddScaled(values, values[at] * (float)(particle.SlopeDeviations[slope] * particle.SlopeDeviations[slope]), column);
        }

        return column;
    }

    /// <summary>(1 + sqrt(5) r + 5/3 r^2) exp(-sqrt(5) r); Rasmussen and Williams 2006, equation 4.17.</summary>
    internal static float Matern52(float r)
    {
        var a = 2.236068f * r;
        return (1 + a + (a * a / 3)) * MathF.Exp(-a);
    }

    private static void AddDistance(float[] values, int at, float scale, float[] squares)
    {
        var here = values[at];
        for (var row = 0; row < squares.Length; row++)
        {
            var distance = (values[row] - here) * scale;
            squares[row] += distance * distance;
        }
    }

    private static void AddMatern(float[] squares, float variance, float[] column)
    {
        for (var row = 0; row < column.Length; row++)
        {
            column[row] += variance * Matern52(MathF.Sqrt(squares[row]));
        }
    }
}
