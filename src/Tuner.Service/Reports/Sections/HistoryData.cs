using System.Collections.Immutable;

namespace Tuner.Service.Reports.Sections;

/// <summary>How sweeps of the same name came out, oldest first; the last one is this.</summary>
public sealed record HistoryData(ImmutableArray<HistoryPoint> Sweeps);

/// <summary>One earlier sweep: its verdict, and its winner's cost and latency where it had one.</summary>
/// <param name="LatencySeconds">The winner's latency by the metric of its report, in seconds.</param>
/// <param name="Limit">The SLO's limit on it, in seconds.</param>
public sealed record HistoryPoint(string Id, DateTimeOffset EndedAt, VerdictStatus Status, string? Winner, decimal? CostPerHour, double? LatencySeconds, double? Limit);
