namespace Tuner.Core.Api;

/// <summary>A moment at which a schedule is due.</summary>
/// <param name="At">In UTC.</param>
/// <param name="Local">The same moment in the schedule's time zone.</param>
public sealed record ScheduleTime(DateTimeOffset At, DateTimeOffset Local);
