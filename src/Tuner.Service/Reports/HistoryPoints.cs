using System.Collections.Immutable;
using Tuner.Core.Gate;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports;

/// <summary>What is kept of a report once it is history, and what its points say together.</summary>
internal static class HistoryPoints
{
    public static HistoryPoint Of(Report report)
    {
        var winner = report.Find(report.Verdict.Winner);
        var shown = winner ?? report.Find(report.Verdict.Shown);
        var metric = report.Charts.CostLatency.Metric;
        var latency = shown?.Slos.FirstOrDefault(slo => string.Equals(slo.Slo, metric.Slo, StringComparison.Ordinal))?.Estimate ?? shown?.Latency?.P99;
        return new HistoryPoint(report.Sweep.Id, report.Evidence.EndedAt, report.Verdict.Status, winner?.Key, winner?.CostPerHour, latency, metric.LimitSeconds) 
        {
            Currency = report.Sweep.Currency,
            Metric = metric.Label,
            Minimized = report.Sweep.Minimized,
            Objective = winner?.Objective,
        };
    }

    public static HistoryData Together(IEnumerable<HistoryPoint> points)
    {
        var sweeps = points.ToImmutableArray();
        return new HistoryData(sweeps) { Changes = [.. sweeps.Zip(sweeps.Skip(1), Changes).SelectMany(changes => changes)] };
    }

    private static IEnumerable<ChangePoint> Changes(HistoryPoint before, HistoryPoint point)
    {
        if (before.Winner is { } old && point.Winner is { } now && !string.Equals(old, now, StringComparison.Ordinal))
        {
            yield return new ChangePoint(point.Id, ChangeKind.Winner, $"another winner: {now} instead of {old}");
        }

        if (point.Gate is GateVerdict.Fail && before.Gate is not GateVerdict.Fail)
        {
            yield return new ChangePoint(point.Id, ChangeKind.Worse, $"the gate fails: {point.GateReason}");
        }
        else if (before.Gate is GateVerdict.Fail && point.Gate is GateVerdict.Pass or GateVerdict.Warning)
        {
            yield return new ChangePoint(point.Id, ChangeKind.Recovered, "the gate fails no more");
        }

        if (before.Limit is { } was && point.Limit is { } limit && was != limit)
        {
            yield return new ChangePoint(point.Id, ChangeKind.Limit, $"the limit is {Figures.Latency(limit)} instead of {Figures.Latency(was)}");
        }
    }
}
