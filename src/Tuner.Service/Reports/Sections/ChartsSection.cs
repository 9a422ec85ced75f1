using System.Collections.Immutable;
using Tuner.Core.Trials;

namespace Tuner.Service.Reports.Sections;

/// <summary>The data of every plot, so that it can be drawn again elsewhere.</summary>
public sealed record ChartsSection
{
    public required CostLatencyData CostLatency { get; init; }

    public required BestSoFarData BestSoFar { get; init; }

    public required PercentileData Percentiles { get; init; }

    public required TimelineData Timeline { get; init; }

    public required RepeatsData Repeats { get; init; }

    /// <summary>One for each parameter of which more than one value was measured, in the order of the space.</summary>
    public required ImmutableArray<SliceData> Slices { get; init; }

    /// <summary>At which rates the winner holds; null without one or in the closed model.</summary>
    public EnvelopeData? Envelope { get; init; }

    /// <summary>Null where there was no earlier sweep of this name.</summary>
    public HistoryData? History { get; init; }
}

/// <summary>The latency that the plots show, and its limit where an objective sets one.</summary>
public sealed record LatencyMetricRow(string Label, double Quantile, string? Phase, double? LimitSeconds, string? Slo);

/// <summary>Cost against latency, one point a candidate.</summary>
public sealed record CostLatencyData
{
    public required LatencyMetricRow Metric { get; init; }

    /// <summary>What takes the place of the cost per hour; null where that is what counts.</summary>
    public MinimizedRow? Minimized { get; init; }

    public required ImmutableArray<CostLatencyPoint> Points { get; init; }

    /// <summary>Keys of the points that no other one beats in both cost and latency, cheapest first.</summary>
    public required ImmutableArray<string> Front { get; init; }

    /// <summary>By which the point lies beside others; null where it was not measured.</summary>
    public double? CostOf(CostLatencyPoint point) => Minimized is null ? (double)point.CostPerHour : point.Objective;

    /// <summary>Measured candidates of no latency, because too few requests stand behind the percentile.</summary>
    public required int WithoutLatency { get; init; }
}

/// <summary>A candidate; no latency where it failed.</summary>
public sealed record CostLatencyPoint(string Key, decimal CostPerHour, double? LatencySeconds, Standing Standing, ImmutableArray<Role> Roles)
{
    public double? Objective { get; init; }
}

/// <summary>The cost of the cheapest candidate known to be feasible, by trial. A candidate counts from its first measurement on, by its final standing.</summary>
public sealed record BestSoFarData
{
    public decimal? BaselineCostPerHour { get; init; }

    /// <summary>What takes the place of the cost per hour; null where that is what counts.</summary>
    public MinimizedRow? Minimized { get; init; }

    public double? BaselineObjective { get; init; }

    /// <summary>The most that may be spent; null without such a budget.</summary>
    public decimal? MoneyBudget { get; init; }

    public required ImmutableArray<BestSoFarPoint> Trials { get; init; }

    /// <summary>By which the baseline lies beside the trials; null where that was not measured.</summary>
    public double? CostOfBaseline() => Minimized is null ? (double?)BaselineCostPerHour : BaselineObjective;

    /// <summary>By which the trial lies beside others; null where it was not measured.</summary>
    public double? CostOf(BestSoFarPoint point) => Minimized is null ? (double)point.CostPerHour : point.Objective;

    /// <summary>The best known after the trial; null while nothing is.</summary>
    public double? BestOf(BestSoFarPoint point) => Minimized is null ? (double?)point.BestCostPerHour : point.BestObjective;

    /// <summary>A value of the plot with its unit.</summary>
    public string Text(double value, string currency) => Minimized is { } minimized ? minimized.Words(value) : $"{Figures.Money((decimal)value, currency)} per hour";
}

/// <summary>One trial: what its candidate costs, and the best known after it.</summary>
public sealed record BestSoFarPoint(int Number, decimal CostPerHour, Standing Standing, decimal? BestCostPerHour, decimal MoneySpent)
{
    public double? Objective { get; init; }

    public double? BestObjective { get; init; }
}

/// <summary>Latency by percentile.</summary>
public sealed record PercentileData
{
    public required ImmutableArray<PercentileSeries> Series { get; init; }

    public required ImmutableArray<LatencyMetricRow> Limits { get; init; }
}

/// <summary>The curve of one candidate; it ends where too few requests are left.</summary>
public sealed record PercentileSeries(string Key, Role Role, long Requests, ImmutableArray<PercentilePoint> Points);

/// <summary>A quantile (0 to 1) and its latency.</summary>
public sealed record PercentilePoint(double Quantile, double Seconds);

/// <summary>When each trial ran; seconds from the sweep's start.</summary>
public sealed record TimelineData(ImmutableArray<TimelineBar> Bars);

/// <summary>One trial: deployed from Start, measured between MeasureStart and MeasureEnd where it came so far, gone at End.</summary>
public sealed record TimelineBar(int Number, string Key, TrialPurpose Purpose, string State, double Start, double? MeasureStart, double? MeasureEnd, double End);

/// <summary>Each valid measurement of the compared candidates, so that noise can be seen.</summary>
public sealed record RepeatsData(LatencyMetricRow Metric, ImmutableArray<RepeatsRow> Candidates);

/// <summary>One candidate's measurements and the interval that they lead to.</summary>
public sealed record RepeatsRow(string Key, ImmutableArray<Role> Roles, double? Estimate, double? Lower, double? Upper, ImmutableArray<RepeatDot> Dots);

/// <summary>One measurement.</summary>
public sealed record RepeatDot(int Number, TrialPurpose Purpose, double Seconds);
