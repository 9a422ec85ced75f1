using System.Collections.Immutable;

namespace Tuner.Service.Reports.Sections;

/// <summary>
/// At which rates the winner keeps its SLOs: every rate that it was measured at, and what follows for whoever scales it.
/// Rates are requests per second over all replicas.
/// </summary>
public sealed record EnvelopeData
{
    public required string Key { get; init; }

    public required LatencyMetricRow Metric { get; init; }

    public required ImmutableArray<EnvelopePoint> Points { get; init; }

    /// <summary>
    /// The largest rate that met every SLO below any that missed one; null where none did. A lower rate that too little was
    /// measured at to decide takes nothing away from it.
    /// </summary>
    public double? HoldsUpTo { get; init; }

    /// <summary>The smallest measured rate at which an SLO was missed; null where none was, so the end is not known.</summary>
    public double? BreaksAt { get; init; }

    /// <summary>The largest rate between those two at which the SLOs were neither met nor missed; null where there is none.</summary>
    public double? UndecidedAt { get; init; }

    /// <summary>The largest rate that was served in full (98 % of the requests that were due); what lies above is beyond the knee.</summary>
    public double? ServedInFullUpTo { get; init; }

    /// <summary>Head-room kept below <see cref="HoldsUpTo"/>, as a share.</summary>
    public required double Headroom { get; init; }

    /// <summary>The rate over all replicas that keeps the head-room; null where the end of the envelope was neither found nor looked for.</summary>
    public double? StayBelow { get; init; }

    /// <summary>The rate of one replica at which an autoscaler should add another.</summary>
    public double? ScaleOutRatePerReplica { get; init; }

    public required int Replicas { get; init; }

    /// <summary>True where rates beyond the sweep's own load were measured; without them the end of the envelope is unknown.</summary>
    public required bool Probed { get; init; }
}

/// <summary>One rate: what was offered and served, the latency by the metric, and whether every SLO held.</summary>
public sealed record EnvelopePoint(string Phase, double OfferedRate, double ServedRate, double? LatencySeconds, double? ErrorRate, Standing Standing, int Measurements)
{
    /// <summary>Answered well of those that were due, 0 to 1.</summary>
    public double? ServedShare { get; init; }
}
