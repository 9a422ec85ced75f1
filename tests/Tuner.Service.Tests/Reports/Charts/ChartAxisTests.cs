using Tuner.Service.Reports;
using Tuner.Service.Reports.Charts;

namespace Tuner.Service.Tests.Reports.Charts;

public sealed class ChartAxisTests
{
    [Fact]
    public void Linear_ticks_are_round_and_equally_written()
    {
        var axis = ChartAxis.Linear(0, 0.1326);

        Assert.Equal(["0.00", "0.05", "0.10", "0.15"], axis.Ticks.Select(tick => tick.Label));
        Assert.Equal(0.5, axis.Share(0.075), 9);
    }

    [Fact]
    public void Log_axis_places_equal_factors_at_equal_distances()
    {
        var axis = ChartAxis.Log(0.01, 1, value => Figures.Latency(value, 2));

        Assert.Equal(axis.Share(0.1) - axis.Share(0.01), axis.Share(1) - axis.Share(0.1), 9);
        Assert.InRange(axis.Ticks.Length, 3, 8);
        Assert.Contains(axis.Ticks, tick => tick.Label == "100 ms");
    }

    [Fact]
    public void Tail_axis_places_p90_p99_and_p999_at_equal_distances()
    {
        var axis = ChartAxis.Tail(0.999);

        Assert.Equal(axis.Share(0.99) - axis.Share(0.9), axis.Share(0.999) - axis.Share(0.99), 9);
        Assert.Equal(1, axis.Share(0.999), 9);
        Assert.Contains(axis.Ticks, tick => tick.Label == "p99.9");
    }

    [Fact]
    public void Holds_values_outside_at_the_ends() => Assert.Equal((0.0, 1.0), (ChartAxis.Linear(0, 10).Held(-5), ChartAxis.Linear(0, 10).Held(50)));

    [Theory]
    [InlineData(5, 5)]
    [InlineData(0, 0)]
    public void Has_a_length_when_all_values_are_the_same(double minimum, double maximum)
    {
        var axis = ChartAxis.Linear(minimum, maximum);

        Assert.True(axis.Maximum > axis.Minimum);
        Assert.All(axis.Ticks, tick => Assert.True(double.IsFinite(axis.Share(tick.Value))));
    }
}
