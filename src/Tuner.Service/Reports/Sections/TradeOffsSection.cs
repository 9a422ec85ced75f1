using System.Collections.Immutable;

namespace Tuner.Service.Reports.Sections;

/// <summary>What the same trials say to users who want other things than the least cost.</summary>
public sealed record TradeOffsSection
{
    /// <summary>Candidates that no other beats in cost, latency and throughput at once, cheapest first.</summary>
    public required ImmutableArray<TradeOffRow> Front { get; init; }

    /// <summary>The cheapest that meets every SLO, the fastest of them, and the one whose cost times latency is least.</summary>
    public TradeOffRow? ForCost { get; init; }

    public TradeOffRow? ForLatency { get; init; }

    public TradeOffRow? Balanced { get; init; }
}

/// <summary>One measured candidate: latency in seconds by the first latency SLO's quantile, throughput in answers per second.</summary>
public sealed record TradeOffRow(string Key, decimal CostPerHour, double LatencySeconds, double ThroughputPerSecond, bool Met)
{
    /// <summary>What is minimized, and compared as cost, where a trial measures it; null where the price tells it.</summary>
    public double? Objective { get; init; }
}

/// <summary>The baseline at the start and at the end of the sweep, in the unit of the SLO's metric.</summary>
/// <param name="Lower">The 95 % interval of End by Start.</param>
/// <param name="Real">True where the change is beyond noise, and large enough to matter.</param>
public sealed record EnvironmentRow(string Slo, string Unit, double Start, double End, double Lower, double Upper, double BetweenSeconds, bool Real, string Text);

/// <summary>A cheaper candidate that stayed undecided.</summary>
/// <param name="Needs">What would decide it, in words.</param>
/// <param name="Measurements">About how many more measurements would, if its values stay as they are; null where no number would.</param>
public sealed record UndecidedRow(string Key, decimal CostPerHour, string? Needs, int? Measurements)
{
    /// <summary>What is minimized, where a trial measures it.</summary>
    public double? Objective { get; init; }
}
