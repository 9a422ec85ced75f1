using System.Collections.Immutable;
using Tuner.Core.Sweeps;
using Tuner.Local;
using Tuner.Service.Gate;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports;

/// <summary>What a report says of the world around the sweep.</summary>
public sealed record ReportSurroundings
{
    public required string TunerVersion { get; init; }

    public required MachineFacts Machine { get; init; }

    public long? SpaceSize { get; init; }

    public ImmutableArray<ExcludedCandidates> Excluded { get; init; } = [];

    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>How earlier sweeps of the same name came out, oldest first.</summary>
    public ImmutableArray<HistoryPoint> History { get; init; } = [];

    /// <summary>The regression gate's word on the sweep, where it was a night of a schedule.</summary>
    public GateWord? Gate { get; init; }

    public ImmutableDictionary<string, string> TemplateValues { get; init; } = ImmutableDictionary<string, string>.Empty;

    public string? DefinitionPath { get; init; }

    /// <summary>What this process knows of the machine that it measures on.</summary>
    /// <param name="samples">What <c>{{tuner.samples}}</c> stands for.</param>
    public static ReportSurroundings OfThisMachine(Machine machine, SweepPreview preview, string version, string? definitionPath, string samples, IEnumerable<string>? notes = null) => new()
    {
        TunerVersion = version,
        Machine = MachineFacts.OfThisMachine(machine.Cores.Length, machine.MemoryBytes),
        SpaceSize = preview.Space.Counted ? (long?)preview.Space.Candidates : null,
        Excluded = [.. preview.Space.Excluded.Select(pair => new ExcludedCandidates(pair.Key, pair.Value))],
        Notes = [.. preview.Warnings, .. notes ?? []],
        TemplateValues = ImmutableDictionary<string, string>.Empty.Add("tuner.samples", samples),
        DefinitionPath = definitionPath,
    };
}
