using Tuner.Core.Trials;

namespace Tuner.Service.Reports.Sections;

/// <summary>One trial, in the order they were started.</summary>
public sealed record TrialRow
{
    public required int Number { get; init; }

    public required string Id { get; init; }

    /// <summary>Key of its candidate.</summary>
    public required string Key { get; init; }

    public required TrialPurpose Purpose { get; init; }

    /// <summary>The name of its state.</summary>
    public required string State { get; init; }

    /// <summary>How its candidate stands in the end; a trial by itself decides nothing.</summary>
    public required Standing Standing { get; init; }

    /// <summary>What there is to say: why it failed, was invalid or ended early; empty for an ordinary one.</summary>
    public required string Reason { get; init; }

    /// <summary>The end of the log of a candidate that failed; null where there is none or it was left out for size.</summary>
    public string? LogTail { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public required double DeployedSeconds { get; init; }

    public required decimal CostPerHour { get; init; }

    /// <summary>What is minimized, as this trial measured it; null where the price tells it.</summary>
    public double? Objective { get; init; }

    public required decimal Money { get; init; }

    public required long Requests { get; init; }

    public LatencyRow? Latency { get; init; }

    public double? ErrorRate { get; init; }

    public double? Throughput { get; init; }

    public double? LagP99Seconds { get; init; }
}

/// <summary>How to run the winner outside of a sweep.</summary>
public sealed record DeploySection
{
    /// <summary>Ready to paste into a POSIX shell; null for a target that is only measured. <c>$PORT</c> stands for the port.</summary>
    public string? CommandLine { get; init; }

    public required int Replicas { get; init; }

    public string? InstanceType { get; init; }

    /// <summary>The environment as a <c>.env</c> file; secrets are hidden.</summary>
    public required string EnvFile { get; init; }

    /// <summary>What runs today, in the same form, to go back to; null without a baseline.</summary>
    public string? RollbackCommandLine { get; init; }

    public string? RollbackEnvFile { get; init; }
}
