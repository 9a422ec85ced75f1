using System.Collections.Immutable;
using Tuner.Core.Planning;

namespace Tuner.Service.Reports.Sections;

/// <summary>What the numbers rest on, and what speaks against them.</summary>
public sealed record EvidenceSection
{
    /// <summary>The load engines that were used.</summary>
    public required ImmutableArray<string> Engines { get; init; }

    /// <summary>True when latency counts from the intended send time.</summary>
    public required bool OpenModel { get; init; }

    /// <summary>Excluded from every number.</summary>
    public required double WarmupSeconds { get; init; }

    /// <summary>Measured seconds of one trial.</summary>
    public required double TrialSeconds { get; init; }

    /// <summary>Requests over all valid measurements.</summary>
    public required long Requests { get; init; }

    public required int ShownRepeats { get; init; }

    /// <summary>One-sided confidence of each verdict, 0.5 to 1.</summary>
    public required double Confidence { get; init; }

    /// <summary>Requests that a percentile needs before it is printed.</summary>
    public required int MinRequests { get; init; }

    /// <summary>Largest p99 of the generator's own lag among valid measurements.</summary>
    public double? LagP99Seconds { get; init; }

    /// <summary>The most CPU that the generator used in a valid measurement, in cores.</summary>
    public double? GeneratorCpuCores { get; init; }

    public required ImmutableArray<string> Protection { get; init; }

    public required ImmutableArray<string> Enforcement { get; init; }

    /// <summary>Time in which CPU quotas held candidates back, over all valid measurements; null where nothing was enforced.</summary>
    public double? ThrottledSeconds { get; init; }

    /// <summary>How the intervals are made, in words.</summary>
    public required string IntervalMethod { get; init; }

    public required NoiseRow Noise { get; init; }

    /// <summary>The chart's latency of the baseline in its first and its last valid measurement; null with fewer than two.</summary>
    public DriftRow? BaselineDrift { get; init; }

    /// <summary>Whether the surroundings changed, with the interval of the change; null where the baseline was not measured at both ends.</summary>
    public EnvironmentRow? Environment { get; init; }

    public required ImmutableArray<LostTrialRow> Lost { get; init; }

    public required int Trials { get; init; }

    /// <summary>Different candidates that were tried.</summary>
    public required int CandidatesTried { get; init; }

    public long? SpaceSize { get; init; }

    public required ImmutableArray<ExcludedCandidates> Excluded { get; init; }

    /// <summary>Why it ended; null while it has not.</summary>
    public StopReason? Stop { get; init; }

    public required ToolVersions Versions { get; init; }

    public required MachineFacts Machine { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>Remarks on measurements, each with the number of measurements that carry it.</summary>
    public required ImmutableArray<NoteRow> Notes { get; init; }
}

/// <summary>How noisy the machine was: worst values over valid measurements.</summary>
/// <param name="CpuPressure">Share of time in which some task waited for CPU.</param>
/// <param name="Steal">Share of CPU time that the hypervisor took away.</param>
/// <param name="SpinDrift">Largest change of a fixed loop's speed within a measurement, as a share.</param>
public sealed record NoiseRow(double? CpuPressure, double? Steal, double? SpinDrift);

/// <summary>The same candidate at the beginning and at the end.</summary>
public sealed record DriftRow(string Metric, double FirstSeconds, double LastSeconds, double Share);

/// <summary>A trial that teaches nothing, and why.</summary>
public sealed record LostTrialRow(int Number, string State, string Reason);

/// <summary>A remark and how many measurements carry it.</summary>
public sealed record NoteRow(string Text, int Measurements);

/// <summary>What the sweep itself used up.</summary>
public sealed record SpendSection
{
    public required int Trials { get; init; }

    public int? TrialBudget { get; init; }

    /// <summary>Seconds under load, warm-up included.</summary>
    public required double LoadSeconds { get; init; }

    /// <summary>Seconds in which candidates were deployed.</summary>
    public required double DeployedSeconds { get; init; }

    public required double WallSeconds { get; init; }

    public double? WallBudgetSeconds { get; init; }

    /// <summary>Price times the time that candidates were deployed.</summary>
    public required decimal Money { get; init; }

    public decimal? MoneyBudget { get; init; }

    /// <summary>True when nobody is billed for it: local processes.</summary>
    public required bool Notional { get; init; }

    /// <summary>Hours of running the winner instead of the baseline that pay for the sweep; null without a saving.</summary>
    public double? PaysBackHours { get; init; }

    /// <summary>Trials that were ended before their time, and the load that this saved.</summary>
    public required int EndedEarly { get; init; }

    public required double EarlySavedSeconds { get; init; }

    /// <summary>The price of that load: what it would have cost to let those trials run on.</summary>
    public required decimal EarlySavedMoney { get; init; }
}
