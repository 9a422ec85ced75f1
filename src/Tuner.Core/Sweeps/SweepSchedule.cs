namespace Tuner.Core.Sweeps;

/// <summary>When the service runs the sweep again.</summary>
/// <param name="Cron">Five fields: minute, hour, day of month, month, day of week.</param>
/// <param name="TimeZone">IANA name.</param>
/// <param name="Overlap">What happens while the last run is still going.</param>
public sealed record SweepSchedule(string Cron, string TimeZone, ScheduleOverlap Overlap);

/// <summary>What a due run does while the one before is still going.</summary>
public enum ScheduleOverlap
{
    Skip,
    Queue,
}
