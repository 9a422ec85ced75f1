using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Tuner.Core.Api;

/// <summary>What a sweep would do, take and cost, without any of it being done. Durations in seconds.</summary>
public sealed record PlanView
{
    public const string CurrentSchema = "tuner/plan/v1";

    public string Schema { get; init; } = CurrentSchema;

    public required string Sweep { get; init; }

    public required string Fingerprint { get; init; }

    public required PlanCandidates Candidates { get; init; }

    public required PlanMachine Machine { get; init; }

    public required ImmutableArray<PlanSlo> Slos { get; init; }

    /// <summary>Every setting as it counts, whether it was written or not.</summary>
    public required PlanDefaults Defaults { get; init; }

    public required PlanEstimate Estimate { get; init; }

    public PlanCandidate? Baseline { get; init; }

    /// <summary>The first candidate of the space, as an example of a command line; null where there is none.</summary>
    public PlanCandidate? First { get; init; }

    /// <summary>When the sweep runs again; null where its definition has no schedule.</summary>
    public PlanSchedule? Schedule { get; init; }

    public required ImmutableArray<string> Warnings { get; init; }

    /// <summary>Why nothing could be measured; null where something can.</summary>
    public string? Impossible { get; init; }
}

/// <summary>How many candidates there are; numbers as text, since they may be larger than any integer type.</summary>
public sealed record PlanCandidates(string? Combinations, string? AfterConstraints, string? Measurable, bool Counted, ImmutableArray<PlanExclusion> Excluded);

/// <summary>So many candidates cannot be measured for one reason.</summary>
public sealed record PlanExclusion(string Reason, long Count);

/// <summary>The machine that the plan is for.</summary>
public sealed record PlanMachine(int Cores, int GeneratorCores, long MemoryBytes, string Enforcement);

/// <summary>Whether the planned load can decide an SLO; requests are null where they cannot be told beforehand.</summary>
public sealed record PlanSlo(string Slo, double? RequestsPerTrial, int Trials, long? Needed, bool CanDecide);

/// <summary>A definition's schedule as it counts.</summary>
/// <param name="Cron">Five fields: minute, hour, day of month, month, day of week.</param>
/// <param name="TimeZone">IANA name.</param>
/// <param name="Overlap"><c>skip</c>, <c>queue</c> or <c>cancel</c>.</param>
/// <param name="Missed"><c>once</c> or <c>skip</c>.</param>
public sealed record PlanSchedule(string Cron, string TimeZone, string Overlap, string Missed);

/// <summary>The settings as they count; null where a limit is not set.</summary>
public sealed record PlanDefaults
{
    public required string Strategy { get; init; }

    public required int Seed { get; init; }

    public required double WarmupSeconds { get; init; }

    public required int MinRequests { get; init; }

    public required int MaxRepeats { get; init; }

    public required bool EarlyAbort { get; init; }

    public required bool AllowOvercommit { get; init; }

    public required int Finalists { get; init; }

    public required int VerificationRepeats { get; init; }

    public required double Confidence { get; init; }

    public int? Trials { get; init; }

    public double? WallTimeSeconds { get; init; }

    public decimal? Money { get; init; }

    public int? Failures { get; init; }

    public required int Parallel { get; init; }
}

/// <summary>What the sweep takes at most.</summary>
public sealed record PlanEstimate
{
    public required string Currency { get; init; }

    /// <summary>True where nobody is charged, since candidates are processes of a machine that is there anyway.</summary>
    public required bool Notional { get; init; }

    public required double TrialSeconds { get; init; }

    public required long Trials { get; init; }

    public required double WallTimeSeconds { get; init; }

    public decimal? CheapestPerHour { get; init; }

    public decimal? DearestPerHour { get; init; }

    public decimal? LeastMoney { get; init; }

    public decimal? MostMoney { get; init; }
}

/// <summary>A candidate, and how it would be started.</summary>
public sealed record PlanCandidate
{
    /// <summary>Values by parameter, in the order of the space.</summary>
    public required IReadOnlyDictionary<string, string> Candidate { get; init; }

    /// <summary>Program and arguments; null for a target that is only measured.</summary>
    public ImmutableArray<string>? Command { get; init; }

    /// <summary>The Argo Workflow of its trial; null for other targets, and for one that is made from an object of the cluster.</summary>
    public JsonNode? Workflow { get; init; }

    public string? Replicas { get; init; }
}
