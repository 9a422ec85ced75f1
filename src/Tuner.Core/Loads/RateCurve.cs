namespace Tuner.Core.Loads;

/// <summary>
/// A rate over the time of one phase as straight lines, and its inverse: the time at which so many requests are due.
/// Times in seconds from the start of the phase, rates per second.
/// </summary>
public sealed class RateCurve
{
    private readonly (double Start, double Rate, double Slope, double Mass)[] pieces;

    private RateCurve(IReadOnlyList<(double At, double Rate)> points)
    {
        pieces = new (double, double, double, double)[points.Count - 1];
        for (var index = 0; index < pieces.Length; index++)
        {
            var (start, rate) = points[index];
            var (end, endRate) = points[index + 1];
            pieces[index] = (start, rate, end > start ? (endRate - rate) / (end - start) : 0, Total);
            Total += (end - start) * (rate + endRate) / 2;
        }
    }

    /// <summary>Requests due over the whole phase, not rounded.</summary>
    public double Total { get; }

    /// <exception cref="ArgumentException">The phase has no rate: users, or recorded arrivals.</exception>
    public static RateCurve Of(Phase phase)
    {
        var end = phase.Duration.TotalSeconds;
        return phase switch
        {
            RatePhase level => new RateCurve([(0, level.RatePerSecond), (end, level.RatePerSecond)]),
            RampPhase ramp => new RateCurve([(0, ramp.FromRatePerSecond), (end, ramp.ToRatePerSecond)]),
            CurvePhase curve => new RateCurve(Clip(curve, end)),
            _ => throw new ArgumentException($"Phase '{phase.Name}' has no rate: {phase.GetType().Name}."),
        };
    }

    /// <summary>When the given number of requests has come due; null when the phase ends before that.</summary>
    public double? TimeAt(double mass)
    {
        // 50/s for 0.4 s are 20 requests, also where the product comes out a hair above.
        if (mass >= Total - (1e-9 * Math.Max(1, Total)))
        {
            return null;
        }

        var index = pieces.Length - 1;
        while (index > 0 && pieces[index].Mass > mass)
        {
            index--;
        }

        // Solves r t + s t^2 / 2 = m for t, in the form that stays exact for small slopes s.
        var (start, rate, slope, before) = pieces[index];
        var rest = Math.Max(0, mass - before);
        var root = Math.Sqrt(Math.Max(0, (rate * rate) + (2 * slope * rest)));
        return rest == 0 ? start : start + (2 * rest / (rate + root));
    }

    private static List<(double At, double Rate)> Clip(CurvePhase curve, double end)
    {
        var points = new List<(double At, double Rate)>();
        foreach (var point in curve.Points.OrderBy(point => point.At))
        {
            points.Add((point.At.TotalSeconds, point.RatePerSecond));
        }

        if (points.Count == 0)
        {
            throw new ArgumentException($"Phase '{curve.Name}' has no points. Give at least one rate.");
        }

        double RateAt(double time)
        {
            var next = points.FindIndex(point => point.At >= time);
            if (next < 0)
            {
                return points[^1].Rate;
            }

            if (next == 0)
            {
                return points[0].Rate;
            }

            var (left, right) = (points[next - 1], points[next]);
            return left.Rate + ((right.Rate - left.Rate) * (time - left.At) / (right.At - left.At));
        }

        return [(0, RateAt(0)), .. points.Where(point => point.At > 0 && point.At < end), (end, RateAt(end))];
    }
}
