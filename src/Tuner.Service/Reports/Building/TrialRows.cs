using System.Collections.Immutable;
using Tuner.Core.Pricing;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Building;

/// <summary>One row for each trial, in the order they were started.</summary>
internal static class TrialRows
{
    private const int LogTailLines = 20;
    private const int LogTailCharacters = 2_000;
    private const int AllLogTails = 100_000;

    public static ImmutableArray<TrialRow> Of(ReportMaterial material, ImmutableArray<CandidateRow> candidates)
    {
        var standings = candidates.ToDictionary(row => row.Key, row => row.Standing, StringComparer.Ordinal);
        var rows = ImmutableArray.CreateBuilder<TrialRow>(material.Trials.Length);
        var logged = 0;
        foreach (var trial in material.Trials)
        {
            var row = Row(material, trial, standings[trial.Candidate.Key]);
            logged += row.LogTail?.Length ?? 0;
            rows.Add(logged > AllLogTails ? row with { LogTail = null } : row);
        }

        return rows.MoveToImmutable();
    }

    private static TrialRow Row(ReportMaterial material, Trial trial, Standing standing)
    {
        var sweep = material.Sweep;
        var summary = SpendSections.MeasurementOf(trial.State) is { } measurement ? MeasurementSummary.Of(measurement) : null;
        return new TrialRow
        {
            Number = trial.Number,
            Id = trial.Id.Value,
            Key = trial.Candidate.Key,
            Purpose = trial.Purpose,
            State = trial.State.Name,
            Standing = standing,
            Reason = material.Mask.Text(Reason(trial.State)),
            LogTail = trial.State is TrialState.CandidateFailed { LogTail.Length: > 0 } failed ? material.Mask.Text(Tail(failed.LogTail)) : null,
            StartedAt = trial.CreatedAt,
            EndedAt = trial.HasEnded ? trial.ChangedAt : null,
            DeployedSeconds = trial.Deployed.TotalSeconds,
            CostPerHour = CandidateRows.Exact(sweep.PerHour(trial.Candidate)),
            Objective = summary is { Measurement: { } taken } && trial.Purpose is not TrialPurpose.Envelope ? MeasuredObjective.Of(sweep, trial.Candidate, [taken]) : null,
            Money = CandidateRows.Exact(SpendSections.Spent(sweep, trial)),
            Requests = summary?.Scheduled ?? 0,
            Latency = summary?.Row(sweep.Measurement.MinRequests),
            ErrorRate = summary?.ErrorRate,
            Throughput = summary?.Throughput,
            LagP99Seconds = summary is null ? null : EvidenceSections.LagP99(summary.Measurement),
        };
    }

    private static string Reason(TrialState state) => state switch
    {
        TrialState.Measured { Measurement.EndedEarly: { } early } => $"ended early: {early}",
        TrialState.Invalid invalid => invalid.Reason,
        TrialState.CandidateFailed failed => $"{CandidateRows.Words(failed.Kind)}: {failed.Reason}",
        TrialState.Interrupted interrupted => interrupted.Cause,
        TrialState.Cancelled cancelled => cancelled.Reason,
        _ => "",
    };

    private static string Tail(string log)
    {
        var lines = log.TrimEnd().Split('\n');
        var tail = string.Join('\n', lines.TakeLast(LogTailLines));
        return tail.Length <= LogTailCharacters ? tail : $"…{tail[^LogTailCharacters..]}";
    }
}
