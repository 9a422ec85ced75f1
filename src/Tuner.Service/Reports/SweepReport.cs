using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Tuner.Core.Planning;
using Tuner.Core.Recommending;
using Tuner.Core.Slos;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Storage;

namespace Tuner.Service.Reports;

/// <summary>From a stored sweep to its report.</summary>
public static class SweepReport
{
    public static Report Build(StoredSweep stored, Sweep sweep, ImmutableArray<Trial> trials, StopReason stop, ReportSurroundings surroundings) =>
        ReportBuilder.Build(new ReportInput
        {
            Id = stored.Id,
            Sweep = sweep,
            Trials = trials,
            Recommendation = Recommender.Recommend(sweep, trials, stop),
            Evidence = Evidence(new SweepStanding(sweep, trials)),
            StartedAt = stored.CreatedAt,
            EndedAt = stored.ChangedAt,
            Stop = new SweepStop(Kind(stop), stop.Text),
            Versions = new ToolVersions(surroundings.TunerVersion, RuntimeInformation.FrameworkDescription, RuntimeInformation.OSDescription),
            Machine = surroundings.Machine,
            SpaceSize = surroundings.SpaceSize,
            Excluded = surroundings.Excluded,
            Notes = surroundings.Notes,
            TemplateValues = surroundings.TemplateValues,
            DefinitionPath = surroundings.DefinitionPath,
        });

    /// <summary>Fresh trials say more than those that chose the candidate, where they have come to a verdict.</summary>
    private static ImmutableArray<CandidateEvidence> Evidence(SweepStanding standing) =>
    [
        .. standing.Searched.Select(searched => standing.VerifiedEvidence(searched.Candidate) is { Verdict: not SloVerdict.Unknown } verified ? verified : searched),
    ];

    private static SweepStopKind Kind(StopReason stop) =>
        stop.IsBudget ? SweepStopKind.BudgetExhausted
        : stop.Kind is StopKind.Cancelled ? SweepStopKind.Cancelled
        : SweepStopKind.Finished;
}

/// <summary>What a report says of the world around the sweep.</summary>
public sealed record ReportSurroundings
{
    public required string TunerVersion { get; init; }

    public required MachineFacts Machine { get; init; }

    public long? SpaceSize { get; init; }

    public ImmutableArray<ExcludedCandidates> Excluded { get; init; } = [];

    public ImmutableArray<string> Notes { get; init; } = [];

    public ImmutableDictionary<string, string> TemplateValues { get; init; } = ImmutableDictionary<string, string>.Empty;

    public string? DefinitionPath { get; init; }
}
