using Tuner.Core.Statistics;

namespace Tuner.Core.Tests.Statistics;

/// <summary>Reference values: R 4.3, qnorm, qt, qbeta, pnorm; boundaries from Jennison and Turnbull (2000), table 2.1.</summary>
public sealed class DistributionsTests
{
    [Theory]
    [InlineData(0.975, 1.959963984540054)]
    [InlineData(0.05, -1.644853626951473)]
    [InlineData(0.999, 3.090232306167813)]
    [InlineData(1e-6, -4.753424308822899)]
    public void Normal_quantile_agrees_with_the_reference(double probability, double expected) =>
        Assert.Equal(expected, Distributions.NormalQuantile(probability), 9);

    [Theory]
    [InlineData(0.975, 1, 12.70620473617471)]
    [InlineData(0.975, 2, 4.302652729696142)]
    [InlineData(0.95, 5, 2.015048372669157)]
    [InlineData(0.025, 10, -2.228138851964939)]
    [InlineData(0.99, 30, 2.457261542414000)]
    public void Student_quantile_agrees_with_the_reference(double probability, double degrees, double expected) =>
        Assert.Equal(expected, Distributions.StudentQuantile(probability, degrees), 6);

    [Fact]
    public void Beta_quantile_gives_the_rule_of_three()
    {
        // No event in n trials: the upper bound is 1 - alpha^(1/n), about 3/n.
        Assert.Equal(1 - Math.Pow(0.05, 1.0 / 300), Distributions.BetaQuantile(0.95, 1, 300), 9);
    }

    [Theory]
    [InlineData(2, 1.875)]
    [InlineData(3, 1.992)]
    [InlineData(5, 2.122)]
    [InlineData(10, 2.270)]
    public void Pocock_boundary_agrees_with_the_published_one(int looks, double published)
    {
        var level = PocockBoundary.LevelOfEachLook(0.05, looks);
        Assert.Equal(published, Distributions.NormalQuantile(1 - level), 2);
    }
}
