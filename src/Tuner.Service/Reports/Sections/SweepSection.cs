using System.Collections.Immutable;
using Tuner.Core.Loads;
using Tuner.Core.Sweeps;
using Tuner.Service.Reports.Building;

namespace Tuner.Service.Reports.Sections;

/// <summary>What was asked.</summary>
public sealed record SweepSection
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required ImmutableSortedDictionary<string, string> Labels { get; init; }

    /// <summary>The file it was read from, as the user named it.</summary>
    public string? DefinitionPath { get; init; }

    /// <summary>Hash over the resolved definition, the request bodies and the prices.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Hashes over parts of the question (target, parameters, prices, load, …), by which two sweeps are compared.</summary>
    public ImmutableSortedDictionary<string, string> Parts { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public required Objective Objective { get; init; }

    /// <summary>Null where a price tells what is minimized.</summary>
    public MinimizedRow? Minimized { get; init; }

    public required string Currency { get; init; }

    /// <summary>What a month is taken for wherever a cost or a saving is told per month.</summary>
    public int HoursPerMonth { get; init; } = ReportMaterial.HoursPerMonth;

    /// <summary>The objectives as they were written.</summary>
    public required ImmutableArray<string> Slos { get; init; }

    public required LoadSection Load { get; init; }

    public required string Strategy { get; init; }

    public required int Seed { get; init; }

    public string? Baseline { get; init; }
}

/// <summary>The traffic that every candidate had to bear.</summary>
public sealed record LoadSection
{
    public required string Request { get; init; }

    public required Arrival Arrival { get; init; }

    public required ImmutableArray<PhaseRow> Phases { get; init; }

    /// <summary>Mean of the phases' rates by their durations, requests per second; null in the closed model.</summary>
    public double? OfferedRate { get; init; }

    public required double WarmupSeconds { get; init; }
}

/// <summary>One phase of the load: a rate per second (open model) or a number of users (closed model).</summary>
public sealed record PhaseRow(string Name, double DurationSeconds, double? RatePerSecond, int? Users);
