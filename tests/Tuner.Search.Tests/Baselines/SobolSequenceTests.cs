using Tuner.Search.Baselines;

namespace Tuner.Search.Tests.Baselines;

public sealed class SobolSequenceTests
{
    /// <summary>Points 0 to 7 and 100 in dimensions 1, 2, 3, 10, 25 and 40, by scipy: see references.py.</summary>
    [Theory]
    [InlineData(0, new[] { 0.0, 0.0, 0.0, 0.0, 0.0, 0.0 })]
    [InlineData(1, new[] { 0.5, 0.5, 0.5, 0.5, 0.5, 0.5 })]
    [InlineData(2, new[] { 0.75, 0.25, 0.25, 0.75, 0.25, 0.25 })]
    [InlineData(3, new[] { 0.25, 0.75, 0.75, 0.25, 0.75, 0.75 })]
    [InlineData(4, new[] { 0.375, 0.375, 0.625, 0.625, 0.875, 0.875 })]
    [InlineData(5, new[] { 0.875, 0.875, 0.125, 0.125, 0.375, 0.375 })]
    [InlineData(6, new[] { 0.625, 0.125, 0.875, 0.375, 0.625, 0.625 })]
    [InlineData(7, new[] { 0.125, 0.625, 0.375, 0.875, 0.125, 0.125 })]
    [InlineData(100, new[] { 0.4140625, 0.2578125, 0.7734375, 0.6953125, 0.0234375, 0.1328125 })]
    public void Agrees_with_an_independent_implementation(int point, double[] expected)
    {
        var actual = SobolSequence.Points(40).ElementAt(point);
        Assert.Equal(expected, new[] { actual[0], actual[1], actual[2], actual[9], actual[24], actual[39] });
    }

    [Fact]
    public void Puts_one_point_into_each_interval_of_each_coordinate_whatever_the_shift()
    {
        var points = SobolSequence.Shifted(6, seed: 11).Take(64).ToArray();
        for (var dimension = 0; dimension < 6; dimension++)
        {
            Assert.Equal(64, points.Select(point => (int)(point[dimension] * 64)).Distinct().Count());
        }
    }
}
