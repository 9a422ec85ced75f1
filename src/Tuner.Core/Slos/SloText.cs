namespace Tuner.Core.Slos;

/// <summary>Values of SLO metrics in words: <c>48 ms</c>, <c>0.4 %</c>, <c>239/s</c>.</summary>
internal static class SloText
{
    public static string Value(SloMetric metric, double value) => metric switch
    {
        QuantileMetric or MeanMetric or TotalTimeMetric => value < 0.001 ? $"{value * 1e6:G3} µs" : value < 1 ? $"{value * 1e3:G3} ms" : $"{value:G3} s",
        ResourceMetric resource => ResourceLimit.Show(resource.Resource, value),
        ReportedMetric => $"{value:G4}",
        RelativeMetric => $"{value:G3} x baseline",
        ErrorRateMetric => $"{value * 100:G3} %",
        _ => $"{value:G4}/s",
    };

    public static string Range(SloMetric metric, double? lower, double? upper) => (lower, upper) switch
    {
        ({ } low, { } high) => $"{Value(metric, low)} to {Value(metric, high)}",
        ({ } low, null) => $"at least {Value(metric, low)}",
        (null, { } high) => $"at most {Value(metric, high)}",
        _ => "the interval",
    };
}
