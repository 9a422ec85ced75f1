using System.Collections.Immutable;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Comparing;

/// <summary>Two sweeps side by side: a new model against the old one, this night against the last. Left is the earlier word, right the later.</summary>
public sealed record ReportComparison
{
    public const string CurrentSchemaVersion = "1.1";

    public string SchemaVersion { get; init; } = CurrentSchemaVersion;

    public required SweepSide Left { get; init; }

    public required SweepSide Right { get; init; }

    /// <summary>The answer in a few plain sentences: the winners, what they keep, and whether both were asked the same.</summary>
    public required string Summary { get; init; }

    /// <summary>Whether both asked the same question: definition, bodies and prices.</summary>
    public required bool SameQuestion { get; init; }

    /// <summary>Where the questions differ, in words.</summary>
    public required ImmutableArray<string> Differences { get; init; }

    /// <summary>What differs around the questions: the machine, the version of tuner.</summary>
    public ImmutableArray<string> Circumstances { get; init; } = [];

    /// <summary>The winners, objective by objective; only those that both sweeps set.</summary>
    public required ImmutableArray<SloChange> Winners { get; init; }

    /// <summary>Candidates that both measured, the largest change first.</summary>
    public required ImmutableArray<CandidateChange> Candidates { get; init; }
}

/// <summary>One of both sweeps in a few figures.</summary>
public sealed record SweepSide
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required DateTimeOffset EndedAt { get; init; }

    public required VerdictStatus Status { get; init; }

    public required string Headline { get; init; }

    public string? Winner { get; init; }

    public required string Currency { get; init; }

    public decimal? CostPerHour { get; init; }

    public decimal? CostPerMonth { get; init; }

    public required int Trials { get; init; }

    public required int CandidatesTried { get; init; }

    public required decimal Money { get; init; }

    public required string Machine { get; init; }

    public required string Tuner { get; init; }
}

/// <summary>One objective of both winners. Values are in <see cref="Unit"/>.</summary>
/// <param name="Share">The right value against the left one, as a share; null where one is missing or the left one is zero.</param>
/// <param name="BeyondNoise">True where the intervals do not overlap; null where one is missing.</param>
public sealed record SloChange(string Slo, string Unit, double LeftLimit, double RightLimit, double? Left, double? Right, double? Share, bool? BeyondNoise)
{
    /// <summary>How far the upper bound stays from the limit, as a share of it.</summary>
    public double? LeftMargin { get; init; }

    public double? RightMargin { get; init; }

    /// <summary>Whether it is what binds the later winner.</summary>
    public bool Binding { get; init; }
}

/// <summary>A candidate that both sweeps measured.</summary>
public sealed record CandidateChange
{
    public required string Key { get; init; }

    public required Standing LeftStanding { get; init; }

    public required Standing RightStanding { get; init; }

    public required decimal LeftCostPerHour { get; init; }

    public required decimal RightCostPerHour { get; init; }

    /// <summary>By the latency metric of the later report, in seconds.</summary>
    public double? LeftLatencySeconds { get; init; }

    public double? RightLatencySeconds { get; init; }

    public double? LatencyShare { get; init; }

    public bool? BeyondNoise { get; init; }
}
