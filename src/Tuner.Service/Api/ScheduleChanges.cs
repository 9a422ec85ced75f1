using System.Collections.Immutable;
using Tuner.Core.Api;
using Tuner.Core.Schedules;
using Tuner.Core.Sweeps;

namespace Tuner.Service.Api;

/// <summary>Reads what shall be different about a schedule.</summary>
internal static class ScheduleChanges
{
    /// <summary>The rule with the change, or everything that is wrong with it.</summary>
    public static (SweepSchedule Rule, ImmutableArray<ApiError> Errors) Read(SweepSchedule rule, ScheduleChange change)
    {
        var errors = ImmutableArray.CreateBuilder<ApiError>();
        void Told(string path, string? problem)
        {
            if (problem is not null)
            {
                errors.Add(new ApiError(path, 0, 0, "error", problem));
            }
        }

        T Choice<T>(string path, string? text, T now)
            where T : struct, Enum
        {
            foreach (var value in Enum.GetValues<T>().Where(value => string.Equals(SweepViews.Word(value), text, StringComparison.Ordinal)))
            {
                return value;
            }

            Told(path, text is null ? null : $"'{text}' is none. Write one of {string.Join(", ", Enum.GetValues<T>().Select(SweepViews.Word))}.");
            return now;
        }

        Told("cron", change.Cron is { } cron ? ScheduleProblems.OfCron(cron) : null);
        Told("timeZone", change.TimeZone is { } zone ? ScheduleProblems.OfTimeZone(zone) : null);
        var changed = new SweepSchedule(
            change.Cron ?? rule.Cron,
            change.TimeZone ?? rule.TimeZone,
            Choice("overlap", change.Overlap, rule.Overlap),
            Choice("missed", change.Missed, rule.Missed));
        return (changed, errors.ToImmutable());
    }
}
