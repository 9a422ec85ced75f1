using Tuner.Core.Definitions;

namespace Tuner.Core.Schedules;

/// <summary>What is wrong with the parts of a schedule, with the cure; null where nothing is.</summary>
public static class ScheduleProblems
{
    /// <param name="cron">To be five fields.</param>
    public static string? OfCron(string cron) => CronFields.Problem(cron);

    /// <param name="zone">To be the IANA name of a time zone that this machine knows.</param>
    public static string? OfTimeZone(string zone) => TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _)
        ? null
        : $"'{zone}' is not known on this machine. {Spelling.Hint(zone, [.. TimeZoneInfo.GetSystemTimeZones().Select(known => known.Id).Append("UTC").Distinct(StringComparer.Ordinal)])}";
}
