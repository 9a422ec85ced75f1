using System.Collections.Immutable;

namespace Tuner.Core.Api;

/// <summary>A trial as the API tells of it.</summary>
public sealed record TrialView
{
    /// <summary>1 for the sweep's first trial.</summary>
    public required int Number { get; init; }

    public required string Id { get; init; }

    /// <summary>The candidate's values by parameter, as they were written.</summary>
    public required ImmutableArray<ParameterSetting> Candidate { get; init; }

    /// <summary><c>baseline</c>, <c>search</c>, <c>repeat</c> or <c>verification</c>.</summary>
    public required string Purpose { get; init; }

    /// <summary><c>pending</c>, <c>deploying</c>, <c>measuring</c>, <c>measured</c>, <c>invalid</c>, <c>candidateFailed</c>, <c>interrupted</c> or <c>cancelled</c>.</summary>
    public required string State { get; init; }

    public required bool HasEnded { get; init; }

    /// <summary>Why it failed, was invalid or ended early; empty for an ordinary one.</summary>
    public required string Reason { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>From the deployment's start to the candidate's removal.</summary>
    public required double DeployedSeconds { get; init; }

    public required decimal CostPerHour { get; init; }

    public required decimal Money { get; init; }

    /// <summary>The numbers in short; null where there are none. The whole measurement has an address of its own.</summary>
    public MeasurementView? Measurement { get; init; }
}

/// <summary>One parameter's value, as it was written.</summary>
public sealed record ParameterSetting(string Name, string Value);

/// <summary>A measurement in short, all phases together. Latencies in seconds; a percentile is null when too few requests stand behind it.</summary>
public sealed record MeasurementView
{
    public required long Requests { get; init; }

    public required long Failed { get; init; }

    /// <summary>0 to 1.</summary>
    public double? ErrorRate { get; init; }

    /// <summary>Successful responses per second.</summary>
    public double? Throughput { get; init; }

    public double? P50Seconds { get; init; }

    public double? P90Seconds { get; init; }

    public double? P95Seconds { get; init; }

    public double? P99Seconds { get; init; }

    public double? MaxSeconds { get; init; }

    /// <summary>How each SLO stands by this trial alone; the sweep's verdict rests on all of them.</summary>
    public required ImmutableArray<SloView> Slos { get; init; }
}

/// <summary>One SLO as it stands. Values in seconds, shares or requests per second.</summary>
/// <param name="Verdict"><c>met</c>, <c>missed</c> or <c>unknown</c>.</param>
/// <param name="Lower">Bounds of the confidence interval; null where there is none.</param>
public sealed record SloView(string Slo, string Verdict, double Limit, double? Estimate, double? Lower, double? Upper);
