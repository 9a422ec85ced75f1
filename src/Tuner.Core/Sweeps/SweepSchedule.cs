namespace Tuner.Core.Sweeps;

/// <summary>When the service runs the sweep again.</summary>
/// <param name="Cron">Five fields: minute, hour, day of month, month, day of week.</param>
/// <param name="TimeZone">IANA name.</param>
/// <param name="Overlap">What happens while the last run is still going.</param>
/// <param name="Missed">What happens to runs that came due while no service was running.</param>
public sealed record SweepSchedule(string Cron, string TimeZone, ScheduleOverlap Overlap, MissedRuns Missed = MissedRuns.Once);

/// <summary>What a due run does while the one before is still going.</summary>
public enum ScheduleOverlap
{
    /// <summary>It is left out.</summary>
    Skip,

    /// <summary>It waits for the other's end.</summary>
    Queue,

    /// <summary>It ends the other.</summary>
    Cancel,
}

/// <summary>What becomes of runs that came due while no service was running.</summary>
public enum MissedRuns
{
    /// <summary>However many were missed, one run makes up for them.</summary>
    Once,

    /// <summary>They are left out.</summary>
    Skip,
}
