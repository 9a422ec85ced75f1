namespace Tuner.Core.Api;

/// <summary>What shall be different about a schedule; what is null stays as it is.</summary>
public sealed record ScheduleChange
{
    /// <summary>Five fields: minute, hour, day of month, month, day of week.</summary>
    public string? Cron { get; init; }

    /// <summary>IANA name.</summary>
    public string? TimeZone { get; init; }

    /// <summary><c>skip</c>, <c>queue</c> or <c>cancel</c>.</summary>
    public string? Overlap { get; init; }

    /// <summary><c>once</c> or <c>skip</c>.</summary>
    public string? Missed { get; init; }

    public bool? Paused { get; init; }
}
