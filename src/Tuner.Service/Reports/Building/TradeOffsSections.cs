using Tuner.Core.Recommending;
using Tuner.Core.Slos;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Building;

/// <summary>Who wants something else than the least cost, and what would decide a cheaper one.</summary>
internal static class TradeOffsSections
{
    public static TradeOffsSection? Of(ReportMaterial material) => material.Input.TradeOffs is not { Points.IsEmpty: false } found ? null : new TradeOffsSection
    {
        Front = [.. found.Front.Select(Row)],
        ForCost = found.ForCost is { } cost ? Row(cost) : null,
        ForLatency = found.ForLatency is { } latency ? Row(latency) : null,
        Balanced = found.Balanced is { } balanced ? Row(balanced) : null,
    };

    public static UndecidedRow? Undecided(ReportMaterial material) => material.Input.Recommendation is Recommendation.Use { CheaperUndecided: { } cheaper } use
        ? new UndecidedRow(cheaper.Candidate.Key, CandidateRows.Exact(cheaper.CostPerHour), use.CheaperUndecidedNeeds, use.CheaperUndecidedMeasurements) { Objective = cheaper.MeasuredObjective }
        : null;

    public static EnvironmentRow? Environment(ReportMaterial material) => material.Input.Drift is { } drift
        ? new EnvironmentRow(drift.Slo.Text, SloRows.Unit(drift.Slo.Metric), drift.Start, drift.End, drift.Lower, drift.Upper, drift.Between.TotalSeconds, drift.IsReal, drift.Words)
        : null;

    private static TradeOffRow Row(TradeOffPoint point) =>
        new(point.Candidate.Key, CandidateRows.Exact(point.CostPerHour), point.LatencySeconds, point.ThroughputPerSecond, point.Verdict is SloVerdict.Met) { Objective = point.MeasuredObjective };
}
