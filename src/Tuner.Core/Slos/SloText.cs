using System.Globalization;

namespace Tuner.Core.Slos;

/// <summary>Values of SLO metrics in words: <c>48 ms</c>, <c>0.4 %</c>, <c>239/s</c>.</summary>
internal static class SloText
{
    public static string Value(SloMetric metric, double value) => metric switch
    {
        QuantileMetric or MeanMetric or TotalTimeMetric => value < 0.001 ? $"{Digits(value * 1e6)} µs" : value < 1 ? $"{Digits(value * 1e3)} ms" : $"{Digits(value)} s",
        ResourceMetric resource => ResourceLimit.Show(resource.Resource, value),
        ReportedMetric => Digits(value, 4),
        RelativeMetric => $"{Digits(value)} x baseline",
        ErrorRateMetric => $"{Digits(value * 100)} %",
        _ => $"{Digits(value, 4)}/s",
    };

    /// <summary>The interval in words; without an upper end that says nothing (<see cref="Slo.IsFar(double, double?)"/>).</summary>
    public static string Range(Slo slo, MetricInterval interval)
    {
        string Told(double value) => Value(slo.Metric, value);
        return (interval.Lower, interval.Upper) switch
        {
            (var low, { } high) when slo.IsFar(high, interval.Estimate) => $"{(low is { } least ? $"at least {Told(least)}" : "any value")} (so little sets no upper bound)",
            ({ } low, { } high) => $"{Told(low)} to {Told(high)}",
            ({ } low, null) => $"at least {Told(low)}",
            (null, { } high) => $"at most {Told(high)}",
            _ => "the interval",
        };
    }

    /// <summary>So many significant digits, without zeros at the end, and without an exponent where people would not write one.</summary>
    public static string Digits(double value, int digits = 3)
    {
        // Through the text, since powers of ten are not exact in binary.
        var rounded = double.Parse(value.ToString($"E{digits - 1}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return Math.Abs(rounded) is 0 or (>= 1e-9 and < 1e15) ? rounded.ToString("#,0.############", CultureInfo.InvariantCulture) : value.ToString($"G{digits}", CultureInfo.InvariantCulture);
    }
}
