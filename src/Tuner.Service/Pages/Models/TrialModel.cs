using System.Collections.Immutable;
using Tuner.Service.Reports.Sections;
using Tuner.Service.Storage;

namespace Tuner.Service.Pages.Models;

/// <summary>One trial: what was measured, what its candidate said, and how it was started. The histogram is markup.</summary>
public sealed record TrialModel
{
    public required PageFrame Frame { get; init; }

    public required string Sweep { get; init; }

    public required string Currency { get; init; }

    /// <summary>What is minimized, where a trial measures it.</summary>
    public MinimizedRow? Minimized { get; init; }

    public required Reports.Sections.TrialRow Row { get; init; }

    public required bool HasNext { get; init; }

    public required ImmutableArray<(string Name, string Value)> Facts { get; init; }

    public required ImmutableArray<PhaseFigures> Phases { get; init; }

    public required string Histogram { get; init; }

    public string? Log { get; init; }

    public string? Command { get; init; }

    /// <summary>The Workflow of a trial on a cluster.</summary>
    public string? Workflow { get; init; }

    public required ImmutableArray<StateChange> History { get; init; }
}

/// <summary>The figures of one phase.</summary>
public sealed record PhaseFigures(string Name, double? OfferedRate, double? ServedRate, long Requests, double? ErrorRate, LatencyRow? Latency);
