using Tuner.Core.Recommending;
using Tuner.Core.Slos;
using Tuner.Core.Statistics;

namespace Tuner.Core.Planning;

/// <summary>
/// How likely a candidate is to meet its SLOs, by its own measurements: what nominates it for another look, and never
/// what recommends it.
/// </summary>
public static class Likelihood
{
    /// <summary>The chance that every SLO holds in truth, 0 to 1: the product over the SLOs; zero where a metric is missing.</summary>
    public static double Feasible(CandidateEvidence evidence) => evidence.Slos.Aggregate(1.0, (product, slo) => product * Feasible(slo));

    /// <summary>The chance that the SLO holds, by the normal distribution of ln(value) around its estimate.</summary>
    public static double Feasible(SloAssessment slo) => slo switch
    {
        { Verdict: SloVerdict.Met } => 1,
        { Verdict: SloVerdict.Missed } or { LogViolation: null } => 0,
        _ => Distributions.NormalCdf(-slo.LogViolation.Value / Deviation(slo)),
    };

    /// <summary>
    /// Measurements, of those so far and more like them, after which the interval would no longer hold the limit if the
    /// estimate stays where it is; null where the estimate is on the wrong side or there is no interval.
    /// </summary>
    public static int? MeasurementsToMeet(SloAssessment slo)
    {
        var bad = slo.Slo.Bound is Bound.AtMost ? slo.Upper : slo.Lower;
        if (bad is not { } worst || slo.LogViolation is not { } z || z >= 0)
        {
            return null;
        }

        // Noise between and within runs alike shrinks with the root of their number.
        var width = slo.Slo.LogViolation(worst) - z;
        return (int)Math.Min(10_000, Math.Ceiling(slo.Repeats * width * width / (z * z)));
    }

    private static double Deviation(SloAssessment slo)
    {
        var (within, between) = (slo.WithinDeviation ?? 0.1, slo.BetweenDeviation ?? 0.06);
        return Math.Max(1e-3, Math.Sqrt((within * within) + (between * between / Math.Max(1, slo.Repeats))));
    }
}
