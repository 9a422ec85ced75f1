using System.Collections.Immutable;
using System.Text.Json;
using Tuner.Core.Api;
using Tuner.Core.Measurements;
using Tuner.Core.Planning;
using Tuner.Core.Pricing;
using Tuner.Core.Slos;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Reports;
using Tuner.Service.Reports.Building;

namespace Tuner.Service.Api;

/// <summary>Trials in the words of the API; what a candidate said is shown without the secrets that its target holds.</summary>
internal static class TrialViews
{
    /// <param name="sweep">What was asked.</param>
    /// <param name="trial">The trial that is shown.</param>
    /// <param name="trials">All trials of the sweep: the baseline's stand beside it where an SLO is relative to that.</param>
    public static TrialView Of(Sweep sweep, Trial trial, IEnumerable<Trial> trials) => new()
    {
        Number = trial.Number,
        Id = trial.Id.Value,
        Candidate = Settings(sweep, trial.Candidate),
        Purpose = SweepViews.Word(trial.Purpose),
        State = JsonNamingPolicy.CamelCase.ConvertName(trial.State.Name),
        HasEnded = trial.HasEnded,
        Reason = Hidden(sweep, Reason(trial.State)),
        CreatedAt = trial.CreatedAt,
        ChangedAt = trial.ChangedAt,
        DeployedSeconds = trial.Deployed.TotalSeconds,
        CostPerHour = sweep.PerHour(trial.Candidate),
        Money = CandidateCost.Spent(sweep.PerHour(trial.Candidate), trial.Deployed),
        Measurement = MeasurementOf(trial) is { } measurement ? Short(sweep, measurement, sweep.JudgeAlone(trial, measurement, trials)) : null,
    };

    /// <summary>A candidate's values; one whose parameter is named like a secret is hidden.</summary>
    public static ImmutableArray<ParameterSetting> Settings(Sweep sweep, Candidate candidate)
    {
        var mask = SecretMask.Of(sweep);
        return [.. candidate.Values.Select(pair => new ParameterSetting(pair.Key, mask.Value(pair.Key, pair.Value.Text)))];
    }

    /// <summary>The text without the secrets that the sweep's target holds.</summary>
    public static string Hidden(Sweep sweep, string text) => SecretMask.Of(sweep).Text(text);

    /// <summary>Variables, program and arguments as one line for a POSIX shell; null for a target that is only measured.</summary>
    public static string? Command(Sweep sweep, Candidate candidate)
    {
        if (sweep.Target is not Target.Process process)
        {
            return null;
        }

        // Values are hidden in the templates: what is rendered from them holds none.
        var mask = SecretMask.Of(process);
        var shown = process with
        {
            Environment = [.. process.Environment.Select(pair => KeyValuePair.Create(pair.Key, Template.Parse(mask.Value(pair.Key, pair.Value.Text))))],
            Command = [.. process.Command.Select((part, index) => Template.Parse(mask.Argument(index == 0 ? null : process.Command[index - 1].Text, part.Text)))],
        };
        return CommandLine.Of(shown, sweep.Space, candidate);
    }

    public static Measurement? MeasurementOf(Trial trial) => trial.State switch
    {
        TrialState.Measured measured => measured.Measurement,
        TrialState.Invalid invalid => invalid.Measurement,
        _ => null,
    };

    public static SloView Slo(SloAssessment slo) => new(slo.Slo.Text, SweepViews.Word(slo.Verdict), slo.Slo.Limit, Finite(slo.Estimate), Finite(slo.Lower), Finite(slo.Upper));

    private static MeasurementView Short(Sweep sweep, Measurement measurement, ImmutableArray<SloAssessment> slos)
    {
        var summary = MeasurementSummary.Of(measurement);
        double? At(double quantile) => MeasurementSummary.Quantile(summary.Latency, quantile, sweep.Measurement.MinRequests);
        return new MeasurementView
        {
            Requests = summary.Scheduled,
            Failed = summary.Failed,
            ErrorRate = summary.ErrorRate,
            Throughput = summary.Throughput,
            P50Seconds = At(0.5),
            P90Seconds = At(0.9),
            P95Seconds = At(0.95),
            P99Seconds = At(0.99),
            MaxSeconds = summary.Latency.Count > 0 ? summary.Latency.Max.TotalSeconds : null,
            Slos = [.. slos.Select(Slo)],
        };
    }

    private static string Reason(TrialState state) => state switch
    {
        TrialState.Measured measured => measured.Measurement.EndedEarly ?? "",
        TrialState.Invalid invalid => invalid.Reason,
        TrialState.CandidateFailed failed => $"{failed.Kind}: {failed.Reason}",
        TrialState.Interrupted interrupted => interrupted.Cause,
        TrialState.Cancelled cancelled => cancelled.Reason,
        _ => "",
    };

    // JSON has no infinity: a bound without end is one that is not there.
    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
