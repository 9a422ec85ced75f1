using System.Collections.Immutable;
using Tuner.Core.Measurements;
using Tuner.Core.Pricing;
using Tuner.Core.Recommending;
using Tuner.Core.Slos;
using Tuner.Core.Space;
using Tuner.Core.Trials;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Building;

/// <summary>One row for each candidate that had a trial, cheapest first.</summary>
internal static class CandidateRows
{
    public static ImmutableArray<CandidateRow> Of(ReportMaterial material) =>
    [
        .. material.ByCandidate
            .Select(group => Row(material, group.Key, [.. group]))
            .OrderBy(row => row.CostPerHour)
            .ThenBy(row => row.Latency?.P99 ?? double.MaxValue)
            .ThenBy(row => row.Key, StringComparer.Ordinal),
    ];

    private static CandidateRow Row(ReportMaterial material, Candidate candidate, ImmutableArray<Trial> trials)
    {
        var sweep = material.Sweep;
        var evidence = material.EvidenceFor(candidate);
        var valid = material.Valid(candidate).ToList();
        var failure = trials.Select(trial => trial.State).OfType<TrialState.CandidateFailed>().LastOrDefault();
        var perHour = sweep.PerHour(candidate);
        var throughput = Ratio(valid.Sum(summary => summary.Succeeded), valid.Sum(summary => summary.Seconds));
        var rate = material.OfferedRate ?? throughput;
        var standing = StandingOf(material, candidate, evidence, failure, valid.Count);
        var slos = evidence is null ? [] : SloRows.Of(evidence.Slos, Binding(material, candidate), sweep.Measurement.MinRequests);
        return new CandidateRow
        {
            Key = candidate.Key,
            Parameters = [.. candidate.Values.Select(pair => Parameter(sweep.Baseline, pair))],
            Standing = standing,
            CostPerHour = Exact(perHour),
            CostPerMonth = Exact(perHour * ReportMaterial.HoursPerMonth),
            CostPerMillionRequests = rate is > 0 ? Exact(CandidateCost.PerMillionRequests(perHour, rate.Value)) : null,
            CostPerMillionExact = material.OfferedRate is not null,
            Objective = evidence?.MeasuredObjective,
            Reason = material.Mask.Text(Reason(standing, slos, failure, trials)),
            Slos = slos,
            Trials = [.. trials.Select(trial => trial.Number)],
            Measurements = valid.Count,
            Requests = valid.Sum(summary => summary.Scheduled),
            Latency = Latency(valid, sweep.Measurement.MinRequests),
            ErrorRate = Ratio(valid.Sum(summary => summary.Failed), valid.Sum(summary => summary.Scheduled)),
            Throughput = throughput,
            CpuCores = CpuCores(valid),
            PeakResidentBytes = valid.Max(summary => summary.Measurement.Candidate?.PeakResidentBytes),
            ThrottledShare = Throttled(valid),
            Failure = standing is Standing.Failed ? failure?.Kind : null,
        };
    }

    /// <summary>Money without digits that no price has.</summary>
    public static decimal Exact(decimal amount) => Math.Round(amount, 9) / 1.000000000000000000000000000m;

    public static string Words(FailureKind kind) => kind switch
    {
        FailureKind.CannotStart => "could not be started",
        FailureKind.ExitedAtStart => "ended before it was ready",
        FailureKind.NeverReady => "never became ready",
        FailureKind.ExitedUnderLoad => "ended under load",
        FailureKind.OutOfMemory => "out of memory",
        FailureKind.PortInUse => "its port was in use",
        FailureKind.Refused => "was refused by the cluster",
        FailureKind.ImageNotPulled => "its image could not be pulled",
        _ => kind.ToString(),
    };

    private static Standing StandingOf(ReportMaterial material, Candidate candidate, CandidateEvidence? evidence, TrialState.CandidateFailed? failure, int valid)
    {
        if (failure is not null && !candidate.Equals(material.Winner))
        {
            return Standing.Failed;
        }

        return evidence is null || valid == 0
            ? Standing.NotMeasured
            : evidence.Verdict switch
            {
                SloVerdict.Met => Standing.Met,
                SloVerdict.Missed => Standing.Missed,
                _ => Standing.Undecided,
            };
    }

    private static Slo? Binding(ReportMaterial material, Candidate candidate) =>
        material.Input.Recommendation is Recommendation.Use use && use.Winner.Candidate.Equals(candidate) ? use.Binding.Slo : null;

    private static ParameterRow Parameter(Candidate? baseline, KeyValuePair<string, ParameterValue> pair) =>
        new(pair.Key, pair.Value.Text, baseline is not null && baseline.Find(pair.Key) != pair.Value);

    private static string Reason(Standing standing, ImmutableArray<SloRow> slos, TrialState.CandidateFailed? failure, ImmutableArray<Trial> trials) => standing switch
    {
        Standing.Met when slos.FirstOrDefault(slo => slo.Binding) is { Margin: { } margin } binding => $"meets every SLO; least margin {Figures.Percent(margin)} on '{binding.Slo}'",
        Standing.Met => "meets every SLO",
        Standing.Missed => string.Join("; ", slos.Where(slo => slo.Verdict is SloVerdict.Missed).Select(Miss)),
        Standing.Undecided => string.Join("; ", slos.Where(slo => slo.Verdict is SloVerdict.Unknown).Select(slo => $"'{slo.Slo}' is open: {slo.Reason}")),
        Standing.Failed when failure is not null => $"{Words(failure.Kind)}: {failure.Reason}",
        _ => trials.LastOrDefault()?.State switch
        {
            TrialState.Invalid invalid => $"invalid: {invalid.Reason}",
            TrialState.Interrupted interrupted => $"interrupted: {interrupted.Cause}",
            TrialState.Cancelled cancelled => $"cancelled: {cancelled.Reason}",
            _ => "not measured yet",
        },
    };

    private static string Miss(SloRow slo)
    {
        var value = Figures.Beside(slo.Estimate, slo.Limit, slo.Unit);
        return SloRows.Beyond(slo.Estimate, slo.Limit, slo.Bound) switch
        {
            >= 1 => $"misses '{slo.Slo}': {value}, {Figures.Significant(slo.Estimate!.Value / slo.Limit, 2)} times the limit",
            > 0 and { } beyond => $"misses '{slo.Slo}' by {Figures.Percent(beyond)} ({value})",
            _ => $"misses '{slo.Slo}': {slo.Reason}",
        };
    }

    private static LatencyRow? Latency(List<MeasurementSummary> valid, int minRequests)
    {
        if (valid is [var only])
        {
            return only.Row(minRequests);
        }

        var latency = new LatencyHistogram();
        valid.ForEach(summary => latency.Add(summary.Latency));
        return MeasurementSummary.Row(latency, minRequests);
    }

    private static double? Ratio(double part, double whole) => whole > 0 ? part / whole : null;

    private static double? CpuCores(List<MeasurementSummary> valid)
    {
        // Warm-up is not in the phases, but the candidate's CPU was counted only while it was measured.
        var known = valid.Where(summary => summary.Measurement.Candidate is not null).ToList();
        return Ratio(known.Sum(summary => summary.Measurement.Candidate!.CpuSeconds), known.Sum(summary => summary.Seconds));
    }

    private static double? Throttled(List<MeasurementSummary> valid)
    {
        var known = valid.Where(summary => summary.Measurement.Candidate?.Throttled is not null).ToList();

        // The kernel adds up what each core held back: more than the whole time is the whole time.
        return Ratio(known.Sum(summary => summary.Measurement.Candidate!.Throttled!.Value.TotalSeconds), known.Sum(summary => summary.Seconds)) is { } share ? Math.Min(1, share) : null;
    }
}
