using System.Collections.Immutable;
using Tuner.Core.Gate;

namespace Tuner.Service.Reports.Sections;

/// <summary>How sweeps of the same name came out, oldest first; in a report the last one is this.</summary>
public sealed record HistoryData(ImmutableArray<HistoryPoint> Sweeps)
{
    /// <summary>Where something changed, oldest first.</summary>
    public ImmutableArray<ChangePoint> Changes { get; init; } = [];
}

/// <summary>One sweep: its verdict, and its winner's cost and latency where it had one.</summary>
/// <param name="LatencySeconds">The winner's latency by the metric of its report, in seconds; of the nearest candidate where nothing was feasible.</param>
/// <param name="Limit">The SLO's limit on it, in seconds.</param>
public sealed record HistoryPoint(string Id, DateTimeOffset EndedAt, VerdictStatus Status, string? Winner, decimal? CostPerHour, double? LatencySeconds, double? Limit)
{
    /// <summary>What was minimized, where a price does not tell it.</summary>
    public MinimizedRow? Minimized { get; init; }

    /// <summary>The winner's value of it.</summary>
    public double? Objective { get; init; }

    /// <summary>Of the cost.</summary>
    public string? Currency { get; init; }

    /// <summary>Which latency is told, such as <c>p99 latency</c>.</summary>
    public string? Metric { get; init; }

    /// <summary>The regression gate's word, where the sweep was a night of a schedule with an accepted configuration.</summary>
    public GateVerdict? Gate { get; init; }

    public string? GateReason { get; init; }
}

/// <summary>The sweep from which on something is different, and what.</summary>
public sealed record ChangePoint(string Id, ChangeKind Kind, string What);

/// <summary>What changed.</summary>
public enum ChangeKind
{
    /// <summary>Another configuration is the winner.</summary>
    Winner,

    /// <summary>The gate fails where it did not the night before.</summary>
    Worse,

    /// <summary>The gate fails no more.</summary>
    Recovered,

    /// <summary>The SLO's limit is another one.</summary>
    Limit,
}
