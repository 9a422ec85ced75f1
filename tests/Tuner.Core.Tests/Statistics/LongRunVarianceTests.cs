using Tuner.Core.Statistics;
using Tuner.Testing.Simulation;

namespace Tuner.Core.Tests.Statistics;

public sealed class LongRunVarianceTests
{
    [Fact]
    public void Independent_seconds_have_their_own_variance()
    {
        var mean = Enumerable.Range(0, 2000).Average(index => Estimate(index, keep: 0));
        Assert.InRange(mean, 0.95, 1.05);
    }

    [Fact]
    public void Clustered_seconds_count_for_less()
    {
        // AR(1) with coefficient 0.5 and unit innovations: the long-run variance is 1 / (1 - 0.5)² = 4.
        var mean = Enumerable.Range(0, 2000).Average(index => Estimate(index, keep: 0.5));
        Assert.InRange(mean, 3.4, 4.2);
    }

    private static double Estimate(int index, double keep)
    {
        var chance = Chance.For(3, index);
        var values = new double[200];
        var value = chance.Normal() / Math.Sqrt(1 - (keep * keep));
        for (var step = 0; step < values.Length; step++)
        {
            values[step] = value;
            value = (keep * value) + chance.Normal();
        }

        return LongRunVariance.Estimate(values, LongRunVariance.Degrees(values.Length));
    }
}
