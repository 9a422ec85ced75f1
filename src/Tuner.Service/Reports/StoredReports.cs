using System.Collections.Immutable;
using System.Reflection;
using Tuner.Core.Planning;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Api;
using Tuner.Service.Engine;
using Tuner.Service.Gate;
using Tuner.Service.Reports.Sections;
using Tuner.Service.Storage;

namespace Tuner.Service.Reports;

/// <summary>Reports of stored sweeps, ended or not, on the machine that serves them.</summary>
public sealed class StoredReports(SweepEngineOptions options, ReportHistory earlier, ISweepStore store, SweepLibrary library)
{
    private static readonly string Version = typeof(StoredReports).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>The report with the history of its name; of a sweep that goes on, as far as it has come, and without.</summary>
    public async Task<Report> TellAsync(StoredSweep stored, Sweep definition, ImmutableArray<Trial> trials, CancellationToken cancellationToken) => stored.HasEnded
        ? Build(stored, definition, trials, await earlier.BeforeAsync(stored, EarlierAsync, cancellationToken), await earlier.GateAsync(stored, cancellationToken))
        : Build(stored, definition, trials);

    /// <summary>The report without history.</summary>
    public Report Build(StoredSweep stored, Sweep definition, ImmutableArray<Trial> trials) => Build(stored, definition, trials, [], null);

    /// <summary>How the most recent finished sweeps with the label came out; null with fewer than two.</summary>
    public async Task<HistoryData?> HistoryAsync(string project, string name, ImmutableSortedDictionary<string, string> labels, CancellationToken cancellationToken)
    {
        var points = await earlier.RecentAsync(new SweepQuery { Projects = [project], Name = name, Labels = labels }, EarlierAsync, cancellationToken);
        return points.Length < 2 ? null : HistoryPoints.Together(points);
    }

    private async Task<Report?> EarlierAsync(StoredSweep stored, CancellationToken cancellationToken)
    {
        try
        {
            return await library.FindAsync(stored.Id, cancellationToken) is { } definition
                ? Build(stored, definition, await store.TrialsAsync(stored.Id, cancellationToken))
                : null;
        }
        catch (InvalidDataException)
        {
            // Stored by another version: its night stays out of the picture.
            return null;
        }
    }

    private Report Build(StoredSweep stored, Sweep definition, ImmutableArray<Trial> trials, ImmutableArray<HistoryPoint> history, GateWord? gate)
    {
        var (machine, samples) = (options.Local.Machine, options.Local.SamplesDirectory);
        var capacity = SweepPreparation.CapacityOf(machine);
        var surroundings = ReportSurroundings.OfThisMachine(machine, SweepPreview.Of(definition, capacity), Version, definitionPath: null, samples) with { History = history, Gate = gate };
        return SweepReport.Build(stored, LocalFit.Restrict(definition, capacity), trials, Stop(stored), surroundings);
    }

    /// <summary>Why it ended; null while it goes on. A sweep that failed has no answer and never will.</summary>
    private static StopReason? Stop(StoredSweep stored) =>
        stored.Stop ?? (stored.HasEnded ? new StopReason(StopKind.Cancelled, stored.Reason) : null);
}
