using System.Collections.Immutable;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Building;

/// <summary>Which candidates are worth comparing side by side.</summary>
internal static class ComparedRows
{
    public static ImmutableArray<ComparedRow> Of(ReportMaterial material, ImmutableArray<CandidateRow> candidates)
    {
        var measured = candidates.Where(row => row.Measurements > 0).ToList();

        // Least first: candidates come by price, which decides wherever no trial measures what is minimized.
        var least = measured.OrderBy(row => row.Objective ?? (material.Minimized is null ? 0 : double.MaxValue)).ToList();
        var winner = material.Winner?.Key;
        var roles = new List<(Role Role, string? Key)>
        {
            (Role.Baseline, material.Sweep.Baseline?.Key),
            (Role.Winner, winner),
            (winner is null ? Role.BestSoFar : Role.RunnerUp, least.FirstOrDefault(row => row.Standing is Standing.Met && row.Key != winner)?.Key),
            (Role.Fastest, measured.Where(row => row.Latency is not null).MinBy(row => LatencyOf(material, row) ?? double.MaxValue)?.Key),
            (Role.Cheapest, (material.Minimized is { Currency: null } ? measured : least).FirstOrDefault()?.Key),
        };
        return
        [
            .. roles.Where(item => item.Key is not null && candidates.Any(row => row.Key == item.Key))
                .GroupBy(item => item.Key!)
                .Select(group => new ComparedRow(group.Key, [.. group.Select(item => item.Role)])),
        ];
    }

    /// <summary>The candidate's latency by the report's metric, in seconds; null where too few requests stand behind it.</summary>
    public static double? LatencyOf(ReportMaterial material, CandidateRow row)
    {
        if (material.Metric.Slo is { } text && row.Slos.FirstOrDefault(slo => slo.Slo == text) is { } slo)
        {
            return slo.Estimate;
        }

        return row.Latency?.P99;
    }
}
