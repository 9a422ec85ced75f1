using System.Collections.Immutable;
using Tuner.Core.Loads;
using Tuner.Core.Pricing;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Building;

/// <summary>At which of the measured loads the SLOs could be met.</summary>
internal static class LoadMetRows
{
    public static ImmutableArray<LoadMetRow> Of(ReportMaterial material) =>
    [
        .. material.Sweep.Load.Phases
            .OrderBy(phase => (phase as RatePhase)?.RatePerSecond ?? (phase as UsersPhase)?.Users)
            .Select(phase => Row(material, phase)),
    ];

    private static LoadMetRow Row(ReportMaterial material, Phase phase)
    {
        var standings = material.ByCandidate
            .Select(group => (Candidate: group.Key, Runs: material.Repeats(group.Key)
                .Where(summary => summary.Measurement.Phase(phase.Name) is not null)
                .Select(summary => summary.Measurement with { Phases = [summary.Measurement.Phase(phase.Name)!] })
                .ToList()))
            .Where(item => item.Runs.Count > 0)
            .Select(item => (item.Candidate, Standing: EnvelopeSections.StandingIn(material.Sweep, phase.Name, item.Runs)))
            .ToList();
        var met = standings.Where(item => item.Standing is Standing.Met).Select(item => item.Candidate).ToList();
        var cheapest = met.OrderBy(candidate => material.Sweep.PerHour(candidate)).ThenBy(candidate => candidate.Key, StringComparer.Ordinal).FirstOrDefault();
        return new LoadMetRow(
            phase.Name,
            (phase as RatePhase)?.RatePerSecond,
            met.Count,
            standings.Count,
            cheapest?.Key,
            cheapest is null ? null : CandidateRows.Exact(material.Sweep.PerHour(cheapest)));
    }
}
