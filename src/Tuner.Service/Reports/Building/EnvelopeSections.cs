using System.Collections.Immutable;
using Tuner.Core.Loads;
using Tuner.Core.Measurements;
using Tuner.Core.Planning;
using Tuner.Core.Slos;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Building;

/// <summary>The operating envelope of the winner, from every rate at which it was measured.</summary>
internal static class EnvelopeSections
{
    /// <summary>What is commonly kept free below saturation for what no measurement saw.</summary>
    private const double Headroom = 0.15;

    /// <summary>Of the requests that were due: how many arrivals by chance make of a rate is no sign of a knee.</summary>
    private const double InFull = 0.98;

    public static EnvelopeData? Of(ReportMaterial material)
    {
        if (material.Winner is not { } winner || !material.Sweep.Load.IsOpenModel)
        {
            return null;
        }

        var points = Points(material, winner);
        if (points.IsEmpty)
        {
            return null;
        }

        // A rate stands as it does where it was measured longest: the load's own phase before the probe's stage of the same rate.
        var rates = points.GroupBy(point => point.OfferedRate).Select(same => same.MaxBy(point => point.Measurements)!).ToList();
        var broken = rates.FirstOrDefault(point => point.Standing is Standing.Missed);
        var holding = rates.TakeWhile(point => point != broken).LastOrDefault(point => point.Standing is Standing.Met);
        var replicas = material.Replicas(winner);

        // Where the end was not looked for, the sweep's own rate is no sign of it: nothing is to be kept free below that.
        var probed = Probe(material, winner) is not null;
        var below = probed || broken is not null ? holding?.OfferedRate * (1 - Headroom) : null;
        return new EnvelopeData
        {
            Key = winner.Key,
            Metric = material.Metric,
            Points = points,
            HoldsUpTo = holding?.OfferedRate,
            BreaksAt = broken?.OfferedRate,
            UndecidedAt = rates.Where(point => point.Standing is Standing.Undecided && (broken is null || point.OfferedRate < broken.OfferedRate)).Select(point => (double?)point.OfferedRate).LastOrDefault(rate => rate > (holding?.OfferedRate ?? 0)),
            ServedInFullUpTo = points.TakeWhile(point => point.ServedShare >= InFull).LastOrDefault()?.OfferedRate,
            Headroom = Headroom,
            StayBelow = below,
            ScaleOutRatePerReplica = below / replicas,
            Replicas = replicas,
            Probed = probed,
        };
    }

    private static ImmutableArray<EnvelopePoint> Points(ReportMaterial material, Candidate winner) =>
    [
        .. material.Valid(winner).Select(summary => summary.Measurement).Concat(Probe(material, winner) is { } probe ? [probe] : Array.Empty<Measurement>())
            .SelectMany(measurement => measurement.Phases.Where(phase => phase.OfferedRate is > 0).Select(phase => (Measurement: measurement, Phase: phase)))
            .GroupBy(pair => pair.Phase.Name, StringComparer.Ordinal)
            .Select(group => (group.Key, Rate: group.Average(pair => pair.Phase.OfferedRate!.Value), Runs: group))
            .OrderBy(group => group.Rate)
            .Select(group => Point(material, group.Key, group.Rate, [.. group.Runs.Select(pair => pair.Measurement with { Phases = [pair.Phase] })])),
    ];

    /// <summary>
    /// The trial that looked for the envelope. Beyond the knee nothing is stable, which makes a measurement invalid: what it
    /// says of too high a rate is what it was made for, and so it counts here.
    /// </summary>
    private static Measurement? Probe(ReportMaterial material, Candidate winner) => material.Trials
        .Where(trial => trial.Purpose is TrialPurpose.Envelope && trial.Candidate.Equals(winner))
        .Select(trial => SpendSections.MeasurementOf(trial.State))
        .LastOrDefault(measurement => measurement is not null);

    private static EnvelopePoint Point(ReportMaterial material, string phase, double rate, ImmutableArray<Measurement> runs)
    {
        var latency = new LatencyHistogram();
        long scheduled = 0, succeeded = 0, failed = 0;
        var seconds = 0.0;
        foreach (var part in runs.Select(run => run.Phases[0]))
        {
            latency.Add(part.Series(Measurement.LatencySeries));
            (scheduled, succeeded, failed) = (scheduled + part.Scheduled, succeeded + part.Succeeded, failed + part.Failed);
            seconds += part.Duration.TotalSeconds;
        }

        return new EnvelopePoint(
            phase,
            rate,
            seconds > 0 ? succeeded / seconds : 0,
            MeasurementSummary.Quantile(latency, material.Metric.Quantile, material.Sweep.Measurement.MinRequests),
            scheduled > 0 ? (double)failed / scheduled : null,
            StandingIn(material.Sweep, phase, runs, IsStage(material.Sweep, phase)),
            runs.Length)
        {
            ServedShare = scheduled > 0 ? (double)succeeded / scheduled : null,
        };
    }

    /// <summary>How the SLOs that speak of this phase, or of none in particular, stand in it alone.</summary>
    /// <param name="every">Whether objectives that speak of another phase count too: a stage of the probe has a rate, not a name.</param>
    public static Standing StandingIn(Sweep sweep, string phase, IReadOnlyList<Measurement> runs, bool every = false)
    {
        var verdicts = sweep.Slos
            .Where(slo => slo.Metric is not (ThroughputMetric or RelativeMetric or ReportedMetric) && (every || slo.Phase is null || string.Equals(slo.Phase, phase, StringComparison.Ordinal)))
            .Select(slo => SloJudge.Assess(slo with { Phase = phase }, runs, sweep.Judging(verifying: false)).Verdict)
            .ToList();
        return verdicts.Contains(SloVerdict.Missed) ? Standing.Missed
            : verdicts.Count > 0 && verdicts.TrueForAll(verdict => verdict is SloVerdict.Met) ? Standing.Met
            : Standing.Undecided;
    }

    private static bool IsStage(Sweep sweep, string phase) => !sweep.Load.Phases.Any(own => string.Equals(own.Name, phase, StringComparison.Ordinal));
}
