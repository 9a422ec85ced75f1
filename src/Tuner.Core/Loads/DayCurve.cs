using System.Collections.Immutable;

namespace Tuner.Core.Loads;

/// <summary>
/// The traffic of a whole day compressed into the time of one phase. The shapes are decisions, not data: they have what
/// such days have in common (a night, a morning, a plateau with a lunch dip, an evening; a sale adds two sudden peaks).
/// </summary>
public static class DayCurve
{
    // Share of the day's peak rate at each full hour from midnight.
    private static readonly ImmutableDictionary<string, double[]> Hours = new Dictionary<string, double[]>(StringComparer.Ordinal)
    {
        ["weekday"] = [0.22, 0.15, 0.11, 0.10, 0.11, 0.17, 0.32, 0.52, 0.72, 0.85, 0.92, 0.93, 0.86, 0.88, 0.92, 0.92, 0.90, 0.90, 0.94, 1.00, 0.97, 0.82, 0.58, 0.36],
        ["weekend"] = [0.34, 0.24, 0.17, 0.13, 0.12, 0.13, 0.19, 0.30, 0.46, 0.63, 0.77, 0.86, 0.88, 0.86, 0.84, 0.84, 0.86, 0.90, 0.96, 1.00, 0.98, 0.86, 0.68, 0.48],
        ["sale"] = [0.60, 0.20, 0.12, 0.10, 0.10, 0.14, 0.24, 0.36, 0.48, 0.56, 1.00, 0.66, 0.56, 0.54, 0.54, 0.55, 0.56, 0.60, 0.70, 0.84, 0.95, 0.70, 0.46, 0.34],
    }.ToImmutableDictionary(StringComparer.Ordinal);

    public static ImmutableArray<string> Kinds { get; } = ["weekday", "weekend", "sale"];

    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="duration">Into which the 24 hours are compressed.</param>
    /// <param name="peakRate">The rate at the busiest hour, per second.</param>
    /// <exception cref="ArgumentException">The kind does not exist.</exception>
    public static CurvePhase Of(string kind, string name, TimeSpan duration, double peakRate)
    {
        if (!Hours.TryGetValue(kind, out var hours))
        {
            throw new ArgumentException($"'{kind}' is no kind of day. Use one of {string.Join(", ", Kinds)}.");
        }

        // The day ends as it began.
        var points = hours.Append(hours[0]).Select((share, hour) => new RatePoint(duration * (hour / 24.0), share * peakRate));
        return new CurvePhase(name, duration, [.. points]);
    }
}
