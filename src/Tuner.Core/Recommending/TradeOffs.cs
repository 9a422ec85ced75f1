using System.Collections.Immutable;
using Tuner.Core.Measurements;
using Tuner.Core.Planning;
using Tuner.Core.Search;
using Tuner.Core.Slos;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Core.Recommending;

/// <summary>
/// What the same trials say to users who want other things: which candidates nobody beats in cost, latency and throughput
/// at once, and which of them somebody would pick who cares for cost, for latency, or for both alike.
/// </summary>
public sealed record TradeOffs
{
    /// <summary>Everything measured that answered, cheapest first.</summary>
    public required ImmutableArray<TradeOffPoint> Points { get; init; }

    /// <summary>The cheapest that meets every SLO; null where none does.</summary>
    public TradeOffPoint? ForCost { get; init; }

    /// <summary>The fastest that meets every SLO.</summary>
    public TradeOffPoint? ForLatency { get; init; }

    /// <summary>The one that meets every SLO whose cost times latency is least: a tenth more of one is worth a tenth less of the other.</summary>
    public TradeOffPoint? Balanced { get; init; }

    /// <summary>The points that no other beats in one respect without being worse in another.</summary>
    public IEnumerable<TradeOffPoint> Front => Points.Where(point => point.OnFront);

    /// <param name="recommended">The answer of the sweep, which is what somebody picks who cares for cost.</param>
    public static TradeOffs Of(SweepStanding standing, Candidate? recommended)
    {
        var points = standing.Candidates.Select(candidate => Point(standing, candidate)).OfType<TradeOffPoint>().ToList();
        var judged = points
            .Select(point => point with { OnFront = !points.Exists(other => Beats(other, point)) })
            .OrderBy(point => point.Cost).ThenBy(point => point.LatencySeconds).ThenBy(point => point.Candidate.Key, StringComparer.Ordinal)
            .ToImmutableArray();
        var feasible = judged.Where(point => point.Verdict is SloVerdict.Met).ToList();
        return new TradeOffs
        {
            Points = judged,
            ForCost = judged.FirstOrDefault(point => point.Candidate.Equals(recommended)) ?? feasible.FirstOrDefault(),
            ForLatency = feasible.MinBy(point => point.LatencySeconds),
            Balanced = feasible.MinBy(point => point.Cost * point.LatencySeconds),
        };
    }

    private static TradeOffPoint? Point(SweepStanding standing, Candidate candidate)
    {
        var evidence = standing.VerifiedEvidence(candidate) is { Verdict: not SloVerdict.Unknown } verified ? verified : standing.SearchedEvidence(candidate);
        var measured = standing.TrialsOf(candidate).Select(trial => (trial.State as TrialState.Measured)?.Measurement).OfType<Measurement>().Where(each => each.IsValid).ToList();
        if (evidence is null || measured.Count == 0 || !evidence.HasScore)
        {
            return null;
        }

        var metric = standing.Sweep.Slos.Select(slo => slo.Metric).OfType<QuantileMetric>().FirstOrDefault() ?? new QuantileMetric(Measurement.LatencySeries, 0.99);
        var latency = new LatencyHistogram();
        foreach (var phase in measured.SelectMany(each => each.Phases))
        {
            latency.Add(phase.Series(metric.Series));
        }

        return latency.Count == 0 ? null : new TradeOffPoint
        {
            Candidate = candidate,
            CostPerHour = evidence.CostPerHour,
            MeasuredObjective = standing.Sweep.ObjectiveBasis() is ObjectiveBasis.Known ? null : evidence.MeasuredObjective,
            LatencySeconds = latency.Quantile(metric.Quantile).TotalSeconds,
            ThroughputPerSecond = measured.Average(each => each.Phases.Max(phase => phase.Throughput)),
            Verdict = evidence.Verdict,
        };
    }

    /// <summary>At least as good in every respect and better in one; throughputs within one in a hundred count as equal, since the load sets them.</summary>
    private static bool Beats(TradeOffPoint one, TradeOffPoint other) =>
        one.Cost <= other.Cost
        && one.LatencySeconds <= other.LatencySeconds
        && one.ThroughputPerSecond >= 0.99 * other.ThroughputPerSecond
        && (one.Cost < other.Cost || one.LatencySeconds < other.LatencySeconds || one.ThroughputPerSecond > 1.01 * other.ThroughputPerSecond);
}

/// <summary>One measured candidate among the trade-offs.</summary>
public sealed record TradeOffPoint
{
    public required Candidate Candidate { get; init; }

    public required decimal CostPerHour { get; init; }

    /// <summary>What is minimized, where no price tells it; null where the cost per hour does.</summary>
    public double? MeasuredObjective { get; init; }

    /// <summary>What cost means in this sweep: what is minimized.</summary>
    public double Cost => MeasuredObjective ?? (double)CostPerHour;

    /// <summary>The quantile that the first latency SLO judges (p99 where there is none), over all its measurements.</summary>
    public required double LatencySeconds { get; init; }

    /// <summary>Successful answers per second in the phase that had most of them; in the open model at most what was sent.</summary>
    public required double ThroughputPerSecond { get; init; }

    public required SloVerdict Verdict { get; init; }

    /// <summary>Nobody beats it in one respect without being worse in another.</summary>
    public bool OnFront { get; init; }
}
