using Tuner.Core.Measurements;
using Tuner.Core.Statistics;

namespace Tuner.Core.Slos;

/// <summary>How one configuration's metric stands to another's, from measurements that took turns: 0.8 is a fifth less.</summary>
public sealed record RatioInterval
{
    /// <summary>The geometric mean of the pairs' ratios.</summary>
    public required double Estimate { get; init; }

    public required double Lower { get; init; }

    public required double Upper { get; init; }

    public required int Pairs { get; init; }

    /// <summary>True when one, no difference, lies outside: the two differ beyond noise.</summary>
    public bool IsDifferent => Lower > 1 || Upper < 1;

    /// <summary>
    /// The ratio subject / reference of a metric over pairs that were measured right after one another (A B A B), so that a
    /// drifting machine treats both alike: Student's t on the logarithms of the pairs' ratios. As long as there are few
    /// pairs, their scatter is what the plan's noise and the seconds within each run make likely.
    /// </summary>
    /// <returns>Null when no pair has the metric on both sides.</returns>
    public static RatioInterval? Of(SloMetric metric, string? phase, IReadOnlyList<(Measurement Subject, Measurement Reference)> pairs, JudgingPlan plan)
    {
        var slo = new Slo { Text = "ratio", Metric = metric, Bound = Bound.AtMost, Limit = double.MaxValue, Phase = phase };
        var logs = new List<double>();
        double withinVariance = 0;
        foreach (var (subject, reference) in pairs.Where(pair => pair.Subject.IsValid && pair.Reference.IsValid))
        {
            var above = SloJudge.Assess(slo, [subject], plan);
            var below = SloJudge.Assess(slo, [reference], plan);
            if (above.Estimate is > 0 && below.Estimate is > 0)
            {
                logs.Add(Math.Log(above.Estimate.Value / below.Estimate.Value));
                withinVariance += Square(above.WithinDeviation ?? 0) + Square(below.WithinDeviation ?? 0);
            }
        }

        return logs.Count == 0 ? null : Of(logs, withinVariance / logs.Count, plan);
    }

    private static RatioInterval Of(List<double> logs, double withinVariance, JudgingPlan plan)
    {
        var prior = plan.Noise;
        var mean = logs.Average();
        var expected = (2 * Square(prior.Between)) + withinVariance;
        var degrees = prior.BetweenDegrees + logs.Count - 1;
        var variance = ((prior.BetweenDegrees * expected) + logs.Sum(log => Square(log - mean))) / degrees;
        var width = Distributions.StudentQuantile(1 - plan.Level, degrees) * Math.Sqrt(variance / logs.Count);
        return new RatioInterval { Estimate = Math.Exp(mean), Lower = Math.Exp(mean - width), Upper = Math.Exp(mean + width), Pairs = logs.Count };
    }

    private static double Square(double value) => value * value;
}
