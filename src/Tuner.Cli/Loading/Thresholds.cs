using System.Collections.Immutable;
using Tuner.Core.Measurements;
using Tuner.Core.Slos;

namespace Tuner.Cli.Loading;

/// <summary>One SLO on one load.</summary>
internal sealed record ThresholdVerdict(string Text, SloVerdict Verdict, string Detail);

/// <summary>Judges SLOs for the exit code: by the number that was measured, or by its confidence interval.</summary>
internal static class Thresholds
{
    public static ImmutableArray<ThresholdVerdict> Judge(Measurement measurement, IEnumerable<Slo> slos, bool confident) =>
        [.. slos.Select(slo => Judge(measurement, slo, confident))];

    public static int ExitCodeOf(Measurement measurement, ImmutableArray<ThresholdVerdict> verdicts) =>
        verdicts.Any(verdict => verdict.Verdict is SloVerdict.Missed) && measurement.IsValid ? ExitCode.GateFailed
        : !measurement.IsValid || verdicts.Any(verdict => verdict.Verdict is SloVerdict.Unknown) ? ExitCode.Inconclusive
        : ExitCode.Ok;

    private static ThresholdVerdict Judge(Measurement measurement, Slo slo, bool confident)
    {
        if (!measurement.IsValid)
        {
            return new ThresholdVerdict(slo.Text, SloVerdict.Unknown, "the measurement is invalid");
        }

        var assessment = SloJudge.Assess(slo, [measurement], new JudgingPlan());
        if (confident || assessment.Estimate is not { } estimate)
        {
            return new ThresholdVerdict(slo.Text, assessment.Verdict, assessment.Reason);
        }

        var held = slo.LogViolation(estimate) <= 0;
        return new ThresholdVerdict(slo.Text, held ? SloVerdict.Met : SloVerdict.Missed, $"measured {Value(slo.Metric, estimate)}");
    }

    private static string Value(SloMetric metric, double value) => metric switch
    {
        ErrorRateMetric => $"{value * 100:0.###} %",
        ThroughputMetric => $"{value:0.#}/s",
        _ => MeasurementText.Time(value * 1e9),
    };
}
