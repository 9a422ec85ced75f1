using System.Collections.Immutable;
using System.Globalization;

namespace Tuner.Service.Storage;

/// <summary>Which sweeps to list, newest first; a filter that is null or empty lets everything through.</summary>
public sealed record SweepQuery
{
    public const int MaxLimit = 500;

    /// <summary>Sweeps of any of these projects.</summary>
    public ImmutableArray<string> Projects { get; init; } = [];

    public ImmutableArray<SweepState> States { get; init; } = [];

    /// <summary>Labels that a sweep must carry, all of them.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public string? Name { get; init; }

    /// <summary>Leaves out a gate's nights, which search for nothing.</summary>
    public bool SearchesOnly { get; init; }

    /// <summary>Where the page before ended.</summary>
    public SweepCursor? After { get; init; }

    /// <summary>1 to <see cref="MaxLimit"/>.</summary>
    public int Limit { get; init; } = 50;
}

/// <summary>A place in the list of sweeps, newest first; stays where it is while others are added.</summary>
public sealed record SweepCursor(long CreatedAt, string Id)
{
    /// <summary>Reads what <see cref="ToString"/> wrote; null for anything else.</summary>
    public static SweepCursor? Parse(string? text) =>
        text?.Split('.', 2) is [var at, { Length: > 0 } id] && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var createdAt)
            ? new SweepCursor(createdAt, id)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{CreatedAt}.{Id}");
}

/// <summary>One page of sweeps, and where the next one begins; null after the last.</summary>
public sealed record SweepPage(ImmutableArray<StoredSweep> Sweeps, SweepCursor? Next);
