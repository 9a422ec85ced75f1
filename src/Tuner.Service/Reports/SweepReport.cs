using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Tuner.Core.Planning;
using Tuner.Core.Recommending;
using Tuner.Core.Slos;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Search;
using Tuner.Service.Reports.Sections;
using Tuner.Service.Storage;

namespace Tuner.Service.Reports;

/// <summary>From a stored sweep to its report.</summary>
public static class SweepReport
{
    private const int MostModelled = 300;

    public static Report Build(StoredSweep stored, Sweep sweep, ImmutableArray<Trial> trials, StopReason? stop, ReportSurroundings surroundings)
    {
        var standing = new SweepStanding(sweep, trials);
        var recommendation = stop is null ? null : Recommender.Recommend(sweep, trials, stop);
        return ReportBuilder.Build(new ReportInput
        {
            Id = stored.Id,
            Sweep = sweep,
            Trials = trials,
            Recommendation = recommendation,
            Evidence = Evidence(standing),
            StartedAt = stored.CreatedAt,
            EndedAt = stop is null ? trials.Select(trial => trial.ChangedAt).Append(stored.SeenAt).Max() : stored.ChangedAt,
            Stop = stop,
            Drift = EnvironmentDrift.Of(standing),
            TradeOffs = stop is null ? null : TradeOffs.Of(standing, (recommendation as Recommendation.Use)?.Winner.Candidate),
            Importance = stop is null ? ImmutableDictionary<string, double>.Empty : Importance(sweep, trials),
            History = surroundings.History,
            Gate = surroundings.Gate,
            Versions = new ToolVersions(surroundings.TunerVersion, RuntimeInformation.FrameworkDescription, RuntimeInformation.OSDescription),
            Machine = surroundings.Machine,
            SpaceSize = surroundings.SpaceSize,
            Excluded = surroundings.Excluded,
            Notes = surroundings.Notes,
            TemplateValues = surroundings.TemplateValues,
            DefinitionPath = surroundings.DefinitionPath,
        });
    }

    /// <summary>What the strategy's model makes of all trials; a model of very many is not worth the wait.</summary>
    private static ImmutableDictionary<string, double> Importance(Sweep sweep, ImmutableArray<Trial> trials) =>
        trials.Length <= MostModelled && SearchStrategies.Find(sweep.Search.Strategy) is { } strategy
            ? strategy.Suggest(SweepPlanner.ProblemOf(sweep), new SweepStanding(sweep, trials).Observations(), 0).Importance
            : ImmutableDictionary<string, double>.Empty;

    /// <summary>Fresh trials say more than those that chose the candidate, where they have come to a verdict.</summary>
    private static ImmutableArray<CandidateEvidence> Evidence(SweepStanding standing) =>
    [
        .. standing.Searched.Select(searched => standing.VerifiedEvidence(searched.Candidate) is { Verdict: not SloVerdict.Unknown } verified ? verified : searched),
    ];
}
