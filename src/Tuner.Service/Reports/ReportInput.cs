using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Tuner.Core.Planning;
using Tuner.Core.Recommending;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Gate;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports;

/// <summary>Everything that a report is made of. Nothing else is read while it is built: same input, same report.</summary>
public sealed record ReportInput
{
    public required SweepId Id { get; init; }

    public required Sweep Sweep { get; init; }

    /// <summary>All trials of the sweep, ended or not.</summary>
    public required ImmutableArray<Trial> Trials { get; init; }

    /// <summary>The answer; null while the sweep has none, because it is still running or was stopped.</summary>
    public Recommendation? Recommendation { get; init; }

    /// <summary>What is known of every measured candidate, in any order.</summary>
    public required ImmutableArray<CandidateEvidence> Evidence { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When the sweep ended, or when it was looked at where it has not.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>Why it ended; null while it has not.</summary>
    public StopReason? Stop { get; init; }

    /// <summary>The strategy's word on how much each parameter matters; empty where it has none, and the trials alone speak.</summary>
    public ImmutableDictionary<string, double> Importance { get; init; } = ImmutableDictionary<string, double>.Empty;

    /// <summary>How earlier sweeps of the same name came out, oldest first.</summary>
    public ImmutableArray<HistoryPoint> History { get; init; } = [];

    /// <summary>The regression gate's word on this sweep, where it was a night of a schedule.</summary>
    public GateWord? Gate { get; init; }

    /// <summary>Whether the surroundings changed while the sweep ran; null where the baseline was not measured on both sides.</summary>
    public EnvironmentDrift? Drift { get; init; }

    /// <summary>What the trials say to users who want other things than the least cost; null while the sweep goes on.</summary>
    public TradeOffs? TradeOffs { get; init; }

    public required ToolVersions Versions { get; init; }

    public required MachineFacts Machine { get; init; }

    /// <summary>Candidates within the constraints; null where the space is infinite or was not counted.</summary>
    public long? SpaceSize { get; init; }

    /// <summary>Candidates that were never measured because they cannot be, counted by reason.</summary>
    public ImmutableArray<ExcludedCandidates> Excluded { get; init; } = [];

    /// <summary>Facts about the whole sweep that a reader must know before believing it, such as overcommitted candidates.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>Values of the names that templates may use besides parameters and <c>port</c>, such as <c>tuner.samples</c>.</summary>
    public ImmutableDictionary<string, string> TemplateValues { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The sweep file as the user named it, for the line that says how to run it again; null when there was none.</summary>
    public string? DefinitionPath { get; init; }
}

/// <summary>So many candidates were left out for one reason.</summary>
public sealed record ExcludedCandidates(string Reason, long Count);

/// <summary>The programs that produced the numbers.</summary>
public sealed record ToolVersions(string Tuner, string Runtime, string OperatingSystem);

/// <summary>The machine that the numbers come from. Memory in bytes; null where unknown.</summary>
public sealed record MachineFacts(string? Cpu, int Cores, long? MemoryBytes, string? Fingerprint)
{
    /// <summary>The facts of the machine that this process runs on, as far as Linux tells them; the fingerprint is one-way.</summary>
    public static MachineFacts OfThisMachine(int cores, long? memoryBytes) => new(CpuModel(), cores, memoryBytes, HostFingerprint());

    private static string? CpuModel() => Lines("/proc/cpuinfo")
        .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[^1].Trim();

    private static string? HostFingerprint() => Lines("/etc/machine-id").FirstOrDefault() is { Length: > 0 } id
        ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"tuner {id}")))[..12]
        : null;

    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
