using Tuner.Core.Definitions;

namespace Tuner.Core.Tests.Definitions;

public sealed class QuantitiesTests
{
    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("60s", 60)]
    [InlineData("1h30m", 5400)]
    [InlineData("3h", 10_800)]
    [InlineData("2d", 172_800)]
    [InlineData("1.5s", 1.5)]
    [InlineData("250us", 0.00025)]
    [InlineData("1h 30m", 5400)]
    public void Reads_durations(string text, double seconds)
    {
        Assert.True(Quantities.TryDuration(text, out var duration, out _));
        Assert.Equal(seconds, duration.TotalSeconds, 12);
    }

    [Theory]
    [InlineData("80/s", 80)]
    [InlineData("4800/min", 80)]
    [InlineData("7200/h", 2)]
    [InlineData("0.5", 0.5)]
    [InlineData("80 / s", 80)]
    public void Reads_rates(string text, double perSecond)
    {
        Assert.True(Quantities.TryRate(text, out var rate, out _));
        Assert.Equal(perSecond, rate, 12);
    }

    [Theory]
    [InlineData("95%", 0.95)]
    [InlineData("0.1%", 0.001)]
    [InlineData("0.01", 0.01)]
    public void Reads_shares_without_rounding(string text, double expected)
    {
        Assert.True(Quantities.TryShare(text, out var share, out _));
        Assert.Equal(expected, share);
    }

    [Theory]
    [InlineData(0.25, "250ms")]
    [InlineData(60, "1m")]
    [InlineData(5400, "1h30m")]
    [InlineData(12.5, "12.5s")]
    [InlineData(0, "0ms")]
    public void Shows_durations_as_people_write_them(double seconds, string expected) =>
        Assert.Equal(expected, Quantities.Show(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData("mesurement", "measurement")]
    [InlineData("wall_time", "wallTime")]
    [InlineData("Workers", "workers")]
    [InlineData("wokrers", "workers")]
    [InlineData("elephant", null)]
    public void Finds_the_word_that_was_meant(string written, string? expected) =>
        Assert.Equal(expected, Spelling.Nearest(written, ["measurement", "wallTime", "workers"]));
}
