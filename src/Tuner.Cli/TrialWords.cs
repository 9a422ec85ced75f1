using System.Collections.Immutable;
using System.Globalization;
using Tuner.Core.Measurements;
using Tuner.Core.Planning;
using Tuner.Core.Slos;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Reports;

namespace Tuner.Cli;

/// <summary>A trial in a few words for someone who watches.</summary>
internal static class TrialWords
{
    public static string Purpose(TrialPurpose purpose) => purpose switch
    {
        TrialPurpose.Baseline => "baseline",
        TrialPurpose.Search => "search",
        TrialPurpose.Repeat => "repeat",
        TrialPurpose.Verification => "verify",
        TrialPurpose.Envelope => "envelope",
        _ => purpose.ToString(),
    };

    /// <summary>What differs from the baseline, which is shown once; all of the candidate where there is none.</summary>
    public static string Candidate(Sweep sweep, Candidate candidate)
    {
        if (sweep.Baseline is not { } baseline)
        {
            return candidate.Key;
        }

        var changed = string.Join(' ', candidate.Values.Where(pair => baseline.Find(pair.Key) != pair.Value).Select(pair => $"{pair.Key}={pair.Value.Text}"));
        return changed.Length == 0 ? candidate.Equals(baseline) ? "the baseline" : candidate.Key : changed;
    }

    /// <summary>What the trial measured of what is minimized; null where the price tells it, or nothing was measured.</summary>
    public static double? Objective(Sweep sweep, Trial trial) => trial is { State: TrialState.Measured measured, Purpose: not TrialPurpose.Envelope }
        ? MeasuredObjective.Of(sweep, trial.Candidate, [measured.Measurement])
        : null;

    /// <param name="sweep">What was asked.</param>
    /// <param name="trial">A trial that has ended.</param>
    /// <param name="trials">All that have: the baseline's stand beside it where an SLO is relative to that.</param>
    /// <param name="aligned">Whether the values of one trial stand below those of another.</param>
    public static string Outcome(Sweep sweep, Trial trial, IEnumerable<Trial> trials, bool aligned = false) => trial.State switch
    {
        TrialState.Measured measured => Judged(measured.Measurement, sweep.JudgeAlone(trial, measured.Measurement, trials), aligned),
        TrialState.Invalid invalid => $"invalid: {invalid.Reason}",
        TrialState.CandidateFailed failed => $"failed ({failed.Kind}): {failed.Reason}",
        TrialState.Interrupted interrupted => $"interrupted: {interrupted.Cause}",
        TrialState.Cancelled cancelled => $"cancelled: {cancelled.Reason}",
        _ => trial.State.Name,
    };

    private static string Judged(Measurement measurement, ImmutableArray<SloAssessment> slos, bool aligned)
    {
        var verdict = slos.Any(slo => slo.Verdict is SloVerdict.Missed) ? "missed" : slos.All(slo => slo.Verdict is SloVerdict.Met) ? "met" : "unknown";
        var early = measurement.EndedEarly is { } reason ? $"  (ended early: {reason})" : "";
        var error = measurement.MostFrequentError() is { } kind ? $"  (mostly {kind})" : "";
        var values = string.Join("  ", slos.Select(slo => Short(slo, aligned)));
        return $"{(aligned ? $"{verdict,-8}" : verdict)}  {values}{error}{early}".TrimEnd();
    }

    private static string Short(SloAssessment slo, bool aligned)
    {
        var mark = slo.Verdict switch { SloVerdict.Met => "ok", SloVerdict.Missed => "MISSED", _ => "unclear" };
        var name = $"{Name(slo.Slo.Metric)}{(slo.Slo.Phase is { } phase ? $" in {phase}" : "")}";
        return aligned ? $"{name} {Value(slo),7} {mark,-7}" : $"{name} {Value(slo)} {mark}";
    }

    private static string Name(SloMetric metric) => metric switch
    {
        QuantileMetric quantile => string.Create(CultureInfo.InvariantCulture, $"p{quantile.Quantile * 100:0.###}"),
        MeanMetric => "mean",
        ErrorRateMetric => "errors",
        TotalTimeMetric => "total time",
        ResourceMetric resource => resource.Resource is CandidateResource.Memory ? "memory" : "cpu",
        ThroughputMetric => "throughput",
        ReportedMetric reported => reported.Name,
        RelativeMetric relative => Name(relative.Of),
        _ => metric.ToString(),
    };

    private static string Value(SloAssessment slo) => slo.Estimate is not { } value
        ? "?"
        : slo.Slo.Metric switch
        {
            QuantileMetric or MeanMetric or TotalTimeMetric => Figures.Latency(value),
            ErrorRateMetric => Figures.Share(value),
            ResourceMetric { Resource: CandidateResource.Memory } => string.Create(CultureInfo.InvariantCulture, $"{value / (1024 * 1024):0.#} MiB"),
            ResourceMetric => string.Create(CultureInfo.InvariantCulture, $"{value:0.##} cores"),
            ReportedMetric => string.Create(CultureInfo.InvariantCulture, $"{value:G4}"),
            RelativeMetric => string.Create(CultureInfo.InvariantCulture, $"{value:0.##} x baseline"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{value:0.#}/s"),
        };
}
