using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Tuner.Core.Api;

/// <summary>A sweep as the API tells of it.</summary>
public sealed record SweepView
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Project { get; init; }

    /// <summary><c>queued</c>, <c>running</c>, <c>paused</c>, <c>finished</c>, <c>cancelled</c> or <c>failed</c>.</summary>
    public required string State { get; init; }

    /// <summary>Nothing more will happen to it.</summary>
    [JsonIgnore]
    public bool HasEnded => State is "finished" or "cancelled" or "failed";

    /// <summary><c>pause</c> or <c>cancel</c> where that was asked for and has not happened yet; else null.</summary>
    public string? Request { get; init; }

    /// <summary>Why it is in this state, for a reader.</summary>
    public required string Reason { get; init; }

    /// <summary>What kind of end it came to; null while it has not ended.</summary>
    public string? Stop { get; init; }

    public required ImmutableSortedDictionary<string, string> Labels { get; init; }

    /// <summary>Hash over the resolved definition, the request bodies and the prices: the same question has the same one.</summary>
    public required string Fingerprint { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>How long it has been worked on, without the time in which the service was stopped.</summary>
    public required double RunningSeconds { get; init; }

    /// <summary>Where it stands; null in lists.</summary>
    public SweepProgress? Progress { get; init; }
}

/// <summary>Where a sweep stands within its budget.</summary>
public sealed record SweepProgress
{
    /// <summary>Trials that count against the budget: ended ones that taught something, and running ones.</summary>
    public required int Trials { get; init; }

    public int? MostTrials { get; init; }

    public double? MostSeconds { get; init; }

    /// <summary>Spent so far, in <see cref="Currency"/>.</summary>
    public required decimal Money { get; init; }

    public decimal? MostMoney { get; init; }

    public required string Currency { get; init; }

    /// <summary>Numbers of the trials that have not ended.</summary>
    public required ImmutableArray<int> Running { get; init; }

    /// <summary>Key of the cheapest candidate that meets every SLO by what is measured so far; null without one.</summary>
    public string? Best { get; init; }

    public decimal? BestPerHour { get; init; }

    /// <summary>What it costs by what is minimized, in words: <c>0.0247 USD per hour</c>, <c>0.031 USD per million requests</c>.</summary>
    public string? BestCost { get; init; }
}
