using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports;

/// <summary>What is kept of a report once it is history.</summary>
internal static class HistoryPoints
{
    public static HistoryPoint Of(Report report)
    {
        var winner = report.Find(report.Verdict.Winner);
        var metric = report.Charts.CostLatency.Metric;
        var latency = winner?.Slos.FirstOrDefault(slo => string.Equals(slo.Slo, metric.Slo, StringComparison.Ordinal))?.Estimate ?? winner?.Latency?.P99;
        return new HistoryPoint(report.Sweep.Id, report.Evidence.EndedAt, report.Verdict.Status, winner?.Key, winner?.CostPerHour, latency, metric.LimitSeconds);
    }
}
