using System.Collections.Immutable;
using Tuner.Core.Measurements;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Api;
using Tuner.Service.Definitions;
using Tuner.Service.Pages.Models;
using Tuner.Service.Reports;
using Tuner.Service.Reports.Building;
using Tuner.Service.Reports.Charts;
using Tuner.Service.Storage;

namespace Tuner.Service.Pages.Building;

/// <summary>One trial as its page shows it.</summary>
internal static class TrialModels
{
    public static TrialModel Of(PageFrame frame, SweepSnapshot snapshot, Trial trial, ImmutableArray<StateChange> history)
    {
        var measurement = TrialViews.MeasurementOf(trial);
        var all = measurement is null ? null : MeasurementSummary.Of(measurement);
        return new TrialModel
        {
            Frame = frame,
            Sweep = snapshot.Stored.Id.Value,
            Currency = snapshot.Sweep.Cost.Currency,
            Minimized = snapshot.Report.Sweep.Minimized,
            Row = snapshot.Report.Trials.First(row => row.Number == trial.Number),
            HasNext = snapshot.Trials.Any(other => other.Number > trial.Number),
            Facts = [.. Facts(measurement)],
            Phases = [.. measurement?.Phases.Select(phase => Phase(phase, snapshot.Sweep.Measurement.MinRequests)) ?? []],
            Histogram = all is null ? "" : HistogramChart.Render(all.Latency).Text,
            Log = trial.State is TrialState.CandidateFailed { LogTail.Length: > 0 } failed ? TrialViews.Hidden(snapshot.Sweep, failed.LogTail) : null,
            Command = TrialViews.Command(snapshot.Sweep, trial.Candidate),
            Workflow = snapshot.Sweep.Target is Target.Argo argo ? TrialViews.Hidden(snapshot.Sweep, FirstWorkflow.Of(snapshot.Sweep, argo, trial)) : null,
            History = [.. history.Select(change => change with { Reason = TrialViews.Hidden(snapshot.Sweep, change.Reason) })],
        };
    }

    private static IEnumerable<(string Name, string Value)> Facts(Measurement? measurement)
    {
        if (measurement is null)
        {
            yield break;
        }

        yield return ("Engine", $"{measurement.Engine}, {(measurement.OpenModel ? "open model: latency counts from the intended send time" : "closed model")}");
        yield return ("Warm-up", $"{Figures.Duration(measurement.Warmup.TotalSeconds)}, excluded");
        yield return ("Generator", $"lag p99 {Figures.Latency(EvidenceSections.LagP99(measurement))}, {Figures.Cores(measurement.Generator.CpuCores)}, shielded by: {measurement.Generator.Protection}");
        if (measurement.Candidate is { } use)
        {
            yield return ("Candidate", $"{Figures.Duration(use.CpuSeconds)} of CPU, {Figures.Bytes(use.PeakResidentBytes)} at most, enforced by: {use.Enforcement}{(use.Throttled is { } held ? $", held back for {Figures.Duration(held.TotalSeconds)}" : "")}");
        }

        foreach (var note in measurement.Notes)
        {
            yield return ("Remark", note);
        }
    }

    private static PhaseFigures Phase(PhaseMeasurement phase, int minRequests) => new(
        phase.Name,
        phase.OfferedRate,
        phase.Throughput,
        phase.Scheduled,
        phase.Scheduled == 0 ? null : phase.ErrorRate,
        MeasurementSummary.Row(phase.Series(Measurement.LatencySeries), minRequests));
}
