using Tuner.Core.Api;
using Tuner.Core.Sweeps;
using Tuner.Service.Schedules;

namespace Tuner.Service.Api;

/// <summary>Stored schedules in the words of the API.</summary>
internal static class ScheduleViews
{
    public static ScheduleView Of(StoredSchedule schedule) => new()
    {
        Id = schedule.Id,
        Name = schedule.Name,
        Project = schedule.Project,
        Cron = schedule.Rule.Cron,
        TimeZone = schedule.Rule.TimeZone,
        Overlap = SweepViews.Word(schedule.Rule.Overlap),
        Missed = SweepViews.Word(schedule.Rule.Missed),
        Paused = schedule.Paused,
        NextAt = schedule.NextAt,
        CreatedAt = schedule.CreatedAt,
    };

    public static ScheduleRunView Of(ScheduleRun run) => new()
    {
        DueAt = run.DueAt,
        DoneAt = run.DoneAt,
        Outcome = SweepViews.Word(run.Outcome),
        Reason = run.Reason,
        Sweep = run.Sweep?.Value,
    };

    public static ScheduleRunView Of(ScheduleNight night) => Of(night.Run) with
    {
        SweepState = night.State is { } state ? SweepViews.Word(state) : null,
        Verdict = night.Verdict is { } verdict ? SweepViews.Word(verdict) : null,
        VerdictReason = night.VerdictReason,
    };

    public static ScheduleTime[] Times(SweepSchedule rule, DateTimeOffset after, int count)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(rule.TimeZone);
        return [.. ScheduledSweeps.Times(rule, after).Take(count).Select(due => new ScheduleTime(due.ToUniversalTime(), TimeZoneInfo.ConvertTime(due, zone)))];
    }
}
