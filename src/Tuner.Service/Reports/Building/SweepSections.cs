using Tuner.Core.Loads;
using Tuner.Core.Sweeps;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Building;

/// <summary>What was asked, as a section.</summary>
internal static class SweepSections
{
    public static SweepSection Of(ReportMaterial material)
    {
        var sweep = material.Sweep;
        return new SweepSection
        {
            Id = material.Input.Id.Value,
            Name = sweep.Name,
            Labels = sweep.Labels,
            DefinitionPath = material.Input.DefinitionPath,
            Fingerprint = sweep.Fingerprint,
            Parts = SweepParts.Hashes(sweep),
            Objective = sweep.Objective,
            Minimized = material.Minimized,
            Currency = material.Currency,
            Slos = [.. sweep.Slos.Select(slo => slo.Text)],
            Load = new LoadSection
            {
                Request = material.Mask.Text($"{sweep.Load.Request.Method} {sweep.Load.Request.Path}"),
                Arrival = sweep.Load.Arrival,
                Phases = [.. sweep.Load.Phases.Select(Row)],
                OfferedRate = material.OfferedRate,
                WarmupSeconds = sweep.Measurement.Warmup.TotalSeconds,
            },
            Strategy = sweep.Search.Strategy,
            Seed = sweep.Search.Seed,
            Baseline = sweep.Baseline?.Key,
        };
    }

    private static PhaseRow Row(Phase phase) =>
        new(phase.Name, phase.Duration.TotalSeconds, (phase as RatePhase)?.RatePerSecond, (phase as UsersPhase)?.Users);
}
