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
    private readonly MachineCapacity capacity = SweepPreparation.CapacityOf(options.Local.Machine);
    private readonly MachineFacts machine = MachineFacts.OfThisMachine(options.Local.Machine.Cores.Length, options.Local.Machine.MemoryBytes);

    /// <summary>The report; of a sweep that goes on, as far as it has come.</summary>
    public Report Build(StoredSweep stored, Sweep definition, ImmutableArray<Trial> trials)
    {
        var preview = SweepPreview.Of(definition, capacity);
        return SweepReport.Build(stored, LocalFit.Restrict(definition, capacity), trials, Stop(stored), new ReportSurroundings
        {
            TunerVersion = typeof(StoredReports).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
            Machine = machine,
            SpaceSize = preview.Space.Counted ? (long?)preview.Space.Candidates : null,
            Excluded = [.. preview.Space.Excluded.Select(pair => new ExcludedCandidates(pair.Key, pair.Value))],
            Notes = preview.Warnings,
            TemplateValues = ImmutableDictionary<string, string>.Empty.Add(TemplateNames.Samples, options.Local.SamplesDirectory),
        });
    }

    /// <summary>Why it ended; null while it goes on. A sweep that failed has no answer and never will.</summary>
    private static StopReason? Stop(StoredSweep stored) =>
        stored.Stop ?? (stored.HasEnded ? new StopReason(StopKind.Cancelled, stored.Reason) : null);
}
