using System.Collections.Immutable;
using Tuner.Core.Measurements;
using Tuner.Core.Trials;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Building;

/// <summary>What the numbers rest on, and what speaks against them.</summary>
internal static class EvidenceSections
{
    public static EvidenceSection Of(ReportMaterial material, CandidateRow? shown)
    {
        var sweep = material.Sweep;
        var valid = material.AllValid().ToList();
        var measurements = valid.ConvertAll(summary => summary.Measurement);
        var throttled = measurements.Select(item => item.Candidate?.Throttled).OfType<TimeSpan>().ToList();
        return new EvidenceSection
        {
            Engines = Distinct(measurements.Select(item => item.Engine)),
            OpenModel = sweep.Load.IsOpenModel,
            WarmupSeconds = sweep.Measurement.Warmup.TotalSeconds,
            TrialSeconds = sweep.Load.Duration.TotalSeconds,
            Requests = valid.Sum(summary => summary.Scheduled),
            ShownRepeats = shown?.Measurements ?? 0,
            Confidence = sweep.Verification.Confidence,
            MinRequests = sweep.Measurement.MinRequests,
            LagP99Seconds = measurements.Max(item => LagP99(item)),
            GeneratorCpuCores = measurements.Count == 0 ? null : measurements.Max(item => item.Generator.CpuCores),
            Protection = Distinct(measurements.Select(item => item.Generator.Protection)),
            Enforcement = Distinct(measurements.Select(item => item.Candidate?.Enforcement).OfType<string>()),
            ThrottledSeconds = throttled.Count == 0 ? null : throttled.Sum(item => item.TotalSeconds),
            IntervalMethod = Method(sweep),
            Noise = new NoiseRow(
                measurements.Max(item => item.Machine?.CpuPressure),
                measurements.Max(item => item.Machine?.Steal),
                measurements.Max(item => SpinDrift(item.Machine))),
            BaselineDrift = Drift(material),
            Environment = TradeOffsSections.Environment(material),
            Lost = [.. material.Trials.Select(trial => Lost(material, trial)).OfType<LostTrialRow>()],
            Trials = material.Trials.Length,
            CandidatesTried = material.ByCandidate.Count,
            SpaceSize = material.Input.SpaceSize,
            Excluded = material.Input.Excluded,
            Stop = material.Input.Stop,
            Versions = material.Input.Versions,
            Machine = material.Input.Machine,
            StartedAt = material.Input.StartedAt,
            EndedAt = material.Input.EndedAt,
            Notes = [.. Notes(material, measurements)],
        };
    }

    /// <summary>The p99 of the generator's own lag, in seconds; null where nothing was sent on a schedule.</summary>
    public static double? LagP99(Measurement measurement) =>
        measurement.Generator.ScheduleLag is { Count: > 0 } lag ? lag.Quantile(0.99).TotalSeconds : null;

    private static string Method(Core.Sweeps.Sweep sweep) =>
        "counts of requests beyond a value, second by second, with the variance of whole blocks of time (Woodruff; cosine long-run variance); "
        + "error rates by Clopper and Pearson with the effective number of requests; deviation between deployments assumed until repeats say otherwise; "
        + $"Pocock's boundary pays for every planned look (up to {sweep.Measurement.MaxRepeats} in the search)";

    private static double? SpinDrift(MachineNoise? noise) =>
        noise is { SpinBefore: { } before and > 0, SpinAfter: { } after } ? Math.Abs((after / before) - 1) : null;

    private static DriftRow? Drift(ReportMaterial material)
    {
        if (material.Sweep.Baseline is not { } baseline)
        {
            return null;
        }

        var metric = material.Metric;
        var minRequests = material.Sweep.Measurement.MinRequests;
        var values = material.Repeats(baseline).Select(summary => MeasurementSummary.Quantile(summary.In(metric.Phase), metric.Quantile, minRequests)).OfType<double>().ToList();
        return values.Count < 2 || values[0] == 0 ? null : new DriftRow(metric.Label, values[0], values[^1], (values[^1] / values[0]) - 1);
    }

    private static LostTrialRow? Lost(ReportMaterial material, Trial trial) => trial.State switch
    {
        TrialState.Invalid invalid => new LostTrialRow(trial.Number, trial.State.Name, material.Mask.Text(invalid.Reason)),
        TrialState.Interrupted interrupted => new LostTrialRow(trial.Number, trial.State.Name, material.Mask.Text(interrupted.Cause)),
        TrialState.Cancelled cancelled => new LostTrialRow(trial.Number, trial.State.Name, material.Mask.Text(cancelled.Reason)),
        _ => null,
    };

    private static IEnumerable<NoteRow> Notes(ReportMaterial material, List<Measurement> measurements) => measurements
        .SelectMany(item => item.Notes)
        .GroupBy(note => note, StringComparer.Ordinal)
        .OrderByDescending(group => group.Count())
        .ThenBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => new NoteRow(material.Mask.Text(group.Key), group.Count()));

    private static ImmutableArray<string> Distinct(IEnumerable<string> texts) => [.. texts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
