using System.Collections.Immutable;
using System.Reflection;
using Tuner.Core.Planning;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Engine;
using Tuner.Service.Storage;

namespace Tuner.Service.Reports;

/// <summary>Reports of stored sweeps, ended or not, on the machine that serves them.</summary>
public sealed class StoredReports(SweepEngineOptions options)
{
    private static readonly string Version = typeof(StoredReports).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>The report; of a sweep that goes on, as far as it has come.</summary>
    public Report Build(StoredSweep stored, Sweep definition, ImmutableArray<Trial> trials)
    {
        var (machine, samples) = (options.Local.Machine, options.Local.SamplesDirectory);
        var capacity = SweepPreparation.CapacityOf(machine);
        var surroundings = ReportSurroundings.OfThisMachine(machine, SweepPreview.Of(definition, capacity), Version, definitionPath: null, samples);
        return SweepReport.Build(stored, LocalFit.Restrict(definition, capacity), trials, Stop(stored), surroundings);
    }

    /// <summary>Why it ended; null while it goes on. A sweep that failed has no answer and never will.</summary>
    private static StopReason? Stop(StoredSweep stored) =>
        stored.Stop ?? (stored.HasEnded ? new StopReason(StopKind.Cancelled, stored.Reason) : null);
}
