using Tuner.Service.Reports;

namespace Tuner.Service.Tests.Reports;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(0.0000405, "40.5 µs")]
    [InlineData(0.0873, "87.3 ms")]
    [InlineData(0.9996, "1.00 s")]
    [InlineData(12.345, "12.3 s")]
    [InlineData(0.0009996, "1.00 ms")]
    [InlineData(null, "–")]
    public void Writes_latencies_in_the_unit_that_fits(double? seconds, string expected) => Assert.Equal(expected, Figures.Latency(seconds));

    [Theory]
    [InlineData(0.1, "100 ms")]
    [InlineData(0.1234567, "123.4567 ms")]
    [InlineData(1.25, "1.25 s")]
    public void Never_rounds_a_limit(double limit, string expected) => Assert.Equal(expected, Figures.Limit(limit, "s"));

    [Theory]
    [InlineData(0.10004, "100.04 ms")]
    [InlineData(0.1, "100 ms")]
    [InlineData(0.0571, "57.1 ms")]
    public void Shows_on_which_side_of_the_limit_a_value_is(double value, string expected) => Assert.Equal(expected, Figures.Beside(value, 0.1, "s"));

    [Theory]
    [InlineData("0.0425", "0.0425 USD")]
    [InlineData("31.025", "31.0 USD")]
    [InlineData("1234.5", "1,234 USD")]
    [InlineData("-0.5", "−0.500 USD")]
    [InlineData("0", "0 USD")]
    public void Writes_money_with_three_digits_or_whole(string amount, string expected) => Assert.Equal(expected, Figures.Money(decimal.Parse(amount), "USD"));

    [Theory]
    [InlineData(0.38, "38 %")]
    [InlineData(0.042, "4.2 %")]
    [InlineData(-0.5, "−50 %")]
    [InlineData(0, "0 %")]
    public void Writes_shares_as_percent(double share, string expected) => Assert.Equal(expected, Figures.Percent(share));

    [Theory]
    [InlineData(3, "3 s")]
    [InlineData(95, "95 s")]
    [InlineData(634, "10 min 34 s")]
    [InlineData(7260, "2 h 01 min")]
    public void Writes_durations_as_people_say_them(double seconds, string expected) => Assert.Equal(expected, Figures.Duration(seconds));
}
