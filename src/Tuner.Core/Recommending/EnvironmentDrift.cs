using Tuner.Core.Measurements;
using Tuner.Core.Planning;
using Tuner.Core.Slos;
using Tuner.Core.Trials;

namespace Tuner.Core.Recommending;

/// <summary>
/// Whether the surroundings changed while the sweep ran: the same configuration, the baseline, at the start and at the end.
/// </summary>
public sealed record EnvironmentDrift
{
    /// <summary>Two-sided 95 % of the normal distribution.</summary>
    private const double Wide = 1.96;

    /// <summary>A change smaller than this is not worth a word, however certain it is.</summary>
    private const double Least = 0.05;

    /// <summary>The SLO whose metric is compared.</summary>
    public required Slo Slo { get; init; }

    /// <summary>The metric in its unit, at the start and at the end.</summary>
    public required double Start { get; init; }

    public required double End { get; init; }

    /// <summary>The 95 % interval of End/Start.</summary>
    public required double Lower { get; init; }

    public required double Upper { get; init; }

    /// <summary>From the middle of the first measurements to the middle of the last ones.</summary>
    public required TimeSpan Between { get; init; }

    public double Ratio => End / Start;

    /// <summary>True when the change is beyond noise, and large enough to matter.</summary>
    public bool IsReal => (Lower > 1 || Upper < 1) && Math.Abs(Math.Log(Ratio)) > Math.Log(1 + Least);

    /// <summary>One sentence for a reader.</summary>
    public string Words => IsReal
        ? $"The environment drifted: the baseline's {Name(Slo.Metric)} went from {SloText.Value(Slo.Metric, Start)} to {SloText.Value(Slo.Metric, End)} ({Share(Ratio)}) within {Between.TotalMinutes:0} min. Trials at its start and its end do not compare as they are."
        : $"No drift beyond noise: the baseline's {Name(Slo.Metric)} was {SloText.Value(Slo.Metric, Start)} at the start and {SloText.Value(Slo.Metric, End)} at the end.";

    /// <summary>Compares the baseline's first measurements with its last; null without a baseline on both sides.</summary>
    public static EnvironmentDrift? Of(SweepStanding standing)
    {
        if (standing.Sweep.Baseline is not { } baseline)
        {
            return null;
        }

        var measured = standing.TrialsOf(baseline).Where(trial => trial.State is TrialState.Measured { Measurement.IsValid: true }).ToList();
        var first = measured.FindAll(trial => trial.Purpose is not TrialPurpose.Verification);
        var last = measured.FindAll(trial => trial.Purpose is TrialPurpose.Verification);
        var slo = standing.Sweep.Slos.FirstOrDefault(each => each.Metric is QuantileMetric) ?? standing.Sweep.Slos.FirstOrDefault(each => each.Metric is MeanMetric);
        if (slo is null || first.Count == 0 || last.Count == 0)
        {
            return null;
        }

        var plan = standing.Sweep.Judging(verifying: true);
        var (start, end) = (SloJudge.Assess(slo, Measurements(first), plan), SloJudge.Assess(slo, Measurements(last), plan));
        return start.Estimate is > 0 && end.Estimate is > 0 ? Of(slo, start, end, Middle(last) - Middle(first)) : null;
    }

    private static EnvironmentDrift Of(Slo slo, SloAssessment start, SloAssessment end, TimeSpan between)
    {
        var ratio = Math.Log(end.Estimate!.Value / start.Estimate!.Value);
        var width = Wide * Math.Sqrt(Math.Pow(Likelihood.Deviation(start), 2) + Math.Pow(Likelihood.Deviation(end), 2));
        return new EnvironmentDrift
        {
            Slo = slo,
            Start = start.Estimate.Value,
            End = end.Estimate.Value,
            Lower = Math.Exp(ratio - width),
            Upper = Math.Exp(ratio + width),
            Between = between,
        };
    }

    private static List<Measurement> Measurements(List<Trial> trials) => trials.ConvertAll(trial => ((TrialState.Measured)trial.State).Measurement);

    private static DateTimeOffset Middle(List<Trial> trials) => trials[0].CreatedAt + ((trials[^1].CreatedAt - trials[0].CreatedAt) / 2);

    private static string Name(SloMetric metric) => metric is QuantileMetric quantile ? $"p{100 * quantile.Quantile:0.###} {quantile.Series}" : "mean latency";

    private static string Share(double ratio) => ratio >= 1 ? $"{ratio - 1:P0} more" : $"{1 - ratio:P0} less";
}
