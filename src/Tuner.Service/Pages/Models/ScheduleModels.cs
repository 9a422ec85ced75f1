using System.Collections.Immutable;
using Tuner.Core.Api;
using Tuner.Service.Schedules;

namespace Tuner.Service.Pages.Models;

/// <summary>What runs by itself.</summary>
public sealed record SchedulesModel(PageFrame Frame, ImmutableArray<ScheduleLine> Lines);

/// <summary>One schedule of the list, with its last run; null before the first.</summary>
public sealed record ScheduleLine(StoredSchedule Schedule, ScheduleNight? Last);

/// <summary>One schedule: when it is due, what came of its runs (newest first), and how its sweeps came out (markup, empty before two have).</summary>
public sealed record ScheduleModel
{
    public required PageFrame Frame { get; init; }

    public required StoredSchedule Schedule { get; init; }

    /// <summary>What it would be due for, were it not paused.</summary>
    public required ImmutableArray<ScheduleTime> Next { get; init; }

    public required ImmutableArray<ScheduleNight> Nights { get; init; }

    public required string History { get; init; }

    /// <summary>The configuration that nights are compared with; null before a sweep has had a verified answer.</summary>
    public string? Accepted { get; init; }

    public string? AcceptedFrom { get; init; }
}
