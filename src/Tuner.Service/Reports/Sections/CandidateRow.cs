using System.Collections.Immutable;
using Tuner.Core.Trials;

namespace Tuner.Service.Reports.Sections;

/// <summary>One candidate over all its valid measurements.</summary>
public sealed record CandidateRow
{
    /// <summary>The candidate as one line; its identity within the report.</summary>
    public required string Key { get; init; }

    public required ImmutableArray<ParameterRow> Parameters { get; init; }

    public required Standing Standing { get; init; }

    public required decimal CostPerHour { get; init; }

    /// <summary>The hours of a month are <see cref="SweepSection.HoursPerMonth"/>.</summary>
    public required decimal CostPerMonth { get; init; }

    /// <summary>At the offered rate (open model) or at the measured throughput (closed model).</summary>
    public decimal? CostPerMillionRequests { get; init; }

    /// <summary>True where the cost per million follows from the price and the offered rate alone.</summary>
    public required bool CostPerMillionExact { get; init; }

    /// <summary>What is minimized, as <see cref="SweepSection.Minimized"/> names it; null where the price tells it, or it was not measured.</summary>
    public double? Objective { get; init; }

    /// <summary>Why it stands where it stands, in words.</summary>
    public required string Reason { get; init; }

    public required ImmutableArray<SloRow> Slos { get; init; }

    /// <summary>Numbers of its trials.</summary>
    public required ImmutableArray<int> Trials { get; init; }

    /// <summary>Valid measurements behind the numbers.</summary>
    public required int Measurements { get; init; }

    public required long Requests { get; init; }

    public LatencyRow? Latency { get; init; }

    public double? ErrorRate { get; init; }

    /// <summary>Successful responses per second.</summary>
    public double? Throughput { get; init; }

    /// <summary>Mean number of cores that it kept busy.</summary>
    public double? CpuCores { get; init; }

    public long? PeakResidentBytes { get; init; }

    /// <summary>Share of the measured time in which its CPU quota held it back.</summary>
    public double? ThrottledShare { get; init; }

    /// <summary>How it failed; null where it did not.</summary>
    public FailureKind? Failure { get; init; }
}

/// <summary>One parameter of a candidate.</summary>
/// <param name="Changed">True where it differs from the baseline.</param>
public sealed record ParameterRow(string Name, string Value, bool Changed);

/// <summary>Latencies of all requests together, in seconds. A percentile is null when too few requests stand behind it.</summary>
public sealed record LatencyRow(double? P50, double? P90, double? P95, double? P99, double? P999, double Mean, double Max);

/// <summary>Where a candidate stands.</summary>
public enum Standing
{
    /// <summary>Every objective holds beyond the noise.</summary>
    Met,

    /// <summary>At least one objective is missed beyond the noise.</summary>
    Missed,

    /// <summary>Measured, but an objective is still open.</summary>
    Undecided,

    /// <summary>It failed by its own fault.</summary>
    Failed,

    /// <summary>No valid measurement yet.</summary>
    NotMeasured,
}

/// <summary>One column of the comparison.</summary>
public sealed record ComparedRow(string Key, ImmutableArray<Role> Roles);

/// <summary>Why a candidate is worth comparing.</summary>
public enum Role
{
    Baseline,
    Winner,

    /// <summary>The least dear one that meets every SLO, as long as nothing is recommended.</summary>
    BestSoFar,

    /// <summary>The next after the winner.</summary>
    RunnerUp,
    Fastest,
    Cheapest,
}
