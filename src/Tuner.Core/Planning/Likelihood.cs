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
        return slo.LogViolation < 0 ? Needed(slo, bad) : null;
    }

    /// <summary>The same for either verdict: the limit leaves the interval on whichever side the estimate is not.</summary>
    public static int? MeasurementsToDecide(SloAssessment slo)
    {
        var (good, bad) = slo.Slo.Bound is Bound.AtMost ? (slo.Lower, slo.Upper) : (slo.Upper, slo.Lower);
        return slo.LogViolation switch
        {
            null or 0 => null,
            < 0 => Needed(slo, bad),
            _ => Needed(slo, good),
        };
    }

    /// <summary>
    /// The chance that the SLO is met once there are so many measurements, more than now: their estimate is spread around the
    /// one of now, and the interval shrinks with the root of their number. Zero without a value; where only its interval is
    /// missing so far, more measurements may supply it.
    /// </summary>
    public static double MetAfter(SloAssessment slo, int measurements)
    {
        if (slo.LogViolation is not { } z)
        {
            return 0;
        }

        if ((slo.Slo.Bound is Bound.AtMost ? slo.Upper : slo.Lower) is not { } bound)
        {
            return Feasible(slo);
        }

        var done = (double)slo.Repeats / measurements;
        var width = (slo.Slo.LogViolation(bound) - z) * Math.Sqrt(done);
        return Distributions.NormalCdf((-z - width) / Math.Max(1e-6, Deviation(slo) * Math.Sqrt(1 - done)));
    }

    /// <summary>The standard deviation of ln(estimate), from within and between the measurements.</summary>
    public static double Deviation(SloAssessment slo)
    {
        var (within, between) = (slo.WithinDeviation ?? 0.1, slo.BetweenDeviation ?? 0.06);
        return Math.Max(1e-3, Math.Sqrt((within * within) + (between * between / Math.Max(1, slo.Repeats))));
    }

    /// <summary>Noise between and within runs alike shrinks with the root of their number.</summary>
    private static int? Needed(SloAssessment slo, double? end)
    {
        if (end is not { } bound || slo.LogViolation is not { } z)
        {
            return null;
        }

        var width = slo.Slo.LogViolation(bound) - z;
        return (int)Math.Min(10_000, Math.Ceiling(slo.Repeats * width * width / (z * z)));
    }
}
