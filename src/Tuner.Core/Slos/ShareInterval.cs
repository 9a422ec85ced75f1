using Tuner.Core.Measurements;
using Tuner.Core.Statistics;

namespace Tuner.Core.Slos;

/// <summary>
/// The interval of a share of requests, such as the error rate: Clopper and Pearson's bounds with the *effective* number of
/// requests in place of the real one (Korn and Graubard 1998, Survey Methodology 24(2)): requests divided by how much more
/// the share varies from second to second, and from run to run, than independent requests would.
/// </summary>
internal static class ShareInterval
{
    public static MetricInterval OfErrors(IReadOnlyList<RunSeconds> runs, JudgingPlan plan) =>
        Of(runs, second => (second.Failed, second.Scheduled), plan);

    public static MetricInterval Of(IReadOnlyList<RunSeconds> runs, Func<SecondMeasurement, (double Numerator, double Denominator)> count, JudgingPlan plan)
    {
        var noise = RatioVariance.Of([.. runs.SelectMany(run => run.Counts(count))]);
        var requests = noise.Denominator;
        if (requests == 0)
        {
            return MetricInterval.None("no request was due");
        }

        var share = noise.Ratio;
        var effective = Effective(noise, BetweenRuns([.. runs.Select(run => RatioVariance.Of([.. run.Counts(count)]))], share), plan);
        var beta = effective * share;
        return new MetricInterval
        {
            Estimate = share,
            Lower = share <= 0 ? 0 : Distributions.BetaQuantile(plan.Level, beta, effective - beta + 1),
            Upper = share >= 1 ? 1 : Distributions.BetaQuantile(1 - plan.Level, beta + 1, effective - beta),
            Requests = (long)requests,
            EffectiveRequests = effective,
            WithinDeviation = share > 0 ? noise.Relative : null,
        };
    }

    /// <summary>Requests divided by the design effect, and shrunk once more for not knowing that effect exactly (Korn and Graubard's t-adjustment).</summary>
    private static double Effective(RatioVariance noise, double varianceBetween, JudgingPlan plan)
    {
        var independent = noise.Denominator * noise.Ratio * (1 - noise.Ratio);
        var variance = Math.Max(noise.VarianceOfSum, varianceBetween);
        if (independent <= 0 || variance <= independent)
        {
            return noise.Denominator;
        }

        var t = Distributions.StudentQuantile(1 - plan.Level, Math.Max(1, noise.Degrees)) / Distributions.NormalQuantile(1 - plan.Level);
        return Math.Max(1, noise.Denominator * independent / variance / (t * t));
    }

    private static double BetweenRuns(IReadOnlyList<RatioVariance> runs, double share)
    {
        if (runs.Count < 2)
        {
            return 0;
        }

        var squares = runs.Sum(run => run.Denominator * run.Denominator * (run.Ratio - share) * (run.Ratio - share));
        return squares * runs.Count / (runs.Count - 1);
    }
}
