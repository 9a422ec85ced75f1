namespace Tuner.Core.Api;

/// <summary>A sweep that runs again and again, as the API tells of it.</summary>
public sealed record ScheduleView
{
    public required string Id { get; init; }

    /// <summary>The sweep's name; one schedule for each name of a project.</summary>
    public required string Name { get; init; }

    public required string Project { get; init; }

    /// <summary>Five fields: minute, hour, day of month, month, day of week.</summary>
    public required string Cron { get; init; }

    /// <summary>IANA name.</summary>
    public required string TimeZone { get; init; }

    /// <summary><c>skip</c>, <c>queue</c> or <c>cancel</c>: what a due run does while the one before is still going.</summary>
    public required string Overlap { get; init; }

    /// <summary><c>once</c> or <c>skip</c>: what becomes of runs that came due while no service was running.</summary>
    public required string Missed { get; init; }

    public required bool Paused { get; init; }

    /// <summary>When it is due; null where it never will be, or while it is paused.</summary>
    public DateTimeOffset? NextAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
