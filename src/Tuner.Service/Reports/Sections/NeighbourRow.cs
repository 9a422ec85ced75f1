namespace Tuner.Service.Reports.Sections;

/// <summary>A measured candidate that differs from the winner in one parameter, and what that makes. Shares are against the winner; null where one of both has no such number.</summary>
public sealed record NeighbourRow
{
    public required string Key { get; init; }

    public required string Parameter { get; init; }

    /// <summary>The winner's value.</summary>
    public required string From { get; init; }

    /// <summary>The neighbour's value.</summary>
    public required string To { get; init; }

    /// <summary>True where no value lies between both.</summary>
    public required bool OneStep { get; init; }

    public required Standing Standing { get; init; }

    public required decimal CostPerHour { get; init; }

    public double? CostShare { get; init; }

    /// <summary>What is minimized, where a trial measures it.</summary>
    public double? Objective { get; init; }

    public double? ObjectiveShare { get; init; }

    public double? LatencySeconds { get; init; }

    public double? LatencyShare { get; init; }
}
