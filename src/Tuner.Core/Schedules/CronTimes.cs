using System.Collections.Immutable;
using System.Globalization;

namespace Tuner.Core.Schedules;

/// <summary>
/// The times of a five-field cron schedule in a time zone. Across the change to summer time a run whose time does not
/// exist takes place when the clocks have moved, once; across the change back, a run at a fixed hour takes place at the
/// first of the two equal readings only. Schedules of every hour (<c>*</c>, <c>*/n</c> hours) follow the clock as it reads:
/// they leave out what does not exist and run at both equal readings.
/// </summary>
public sealed class CronTimes
{
    /// <summary>A schedule such as 29 February comes at least once in so many years.</summary>
    private const int MostYears = 9;

    private static readonly string[] Months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    private static readonly string[] Days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    private readonly ImmutableArray<int> minutes;
    private readonly ImmutableArray<int> hours;
    private readonly ImmutableArray<int> monthDays;
    private readonly ImmutableArray<int> months;
    private readonly ImmutableArray<int> weekDays;
    private readonly bool anyMonthDay;
    private readonly bool anyWeekDay;
    private readonly bool followsTheClock;
    private readonly TimeZoneInfo zone;

    /// <param name="cron">Five fields that the definition's validation has let through.</param>
    /// <exception cref="FormatException">The text has not five fields.</exception>
    public CronTimes(string cron, TimeZoneInfo zone)
    {
        this.zone = zone;
        var fields = cron.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 5)
        {
            throw new FormatException($"'{cron}' has {fields.Length} fields. Write five: minute, hour, day of month, month, day of week.");
        }

        minutes = Values(fields[0], 0, 59, []);
        hours = Values(fields[1], 0, 23, []);
        monthDays = Values(fields[2], 1, 31, []);
        months = Values(fields[3], 1, 12, Months);
        weekDays = [.. Values(fields[4], 0, 7, Days).Select(day => day % 7).Distinct()];
        (anyMonthDay, anyWeekDay) = (fields[2].StartsWith('*'), fields[4].StartsWith('*'));
        followsTheClock = fields[1].StartsWith('*');
    }

    /// <summary>The first time after this one; null where there is none (30 February).</summary>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        var local = TimeZoneInfo.ConvertTime(after, zone).DateTime;

        // A little earlier than the clock reads: around a change the same reading may come twice.
        var start = local.AddDays(-1);
        return Readings(start).SelectMany(Instants).Where(instant => instant > after).Take(ReadingsAround).Select(instant => (DateTimeOffset?)instant).Min();
    }

    /// <summary>Readings in the order of the clock can be out of order in time by one change of it: so many are looked at.</summary>
    private int ReadingsAround => followsTheClock ? 4 * minutes.Length : 2;

    /// <summary>The next times, in order.</summary>
    public IEnumerable<DateTimeOffset> After(DateTimeOffset after)
    {
        for (var next = Next(after); next is { } time; next = Next(time))
        {
            yield return time;
        }
    }

    private IEnumerable<DateTime> Readings(DateTime from)
    {
        var last = from.Date.AddYears(MostYears);
        for (var day = from.Date; day < last; day = day.AddDays(1))
        {
            if (!months.Contains(day.Month))
            {
                // To the month's last day; the loop goes on with the next month.
                day = new DateTime(day.Year, day.Month, DateTime.DaysInMonth(day.Year, day.Month), 0, 0, 0, DateTimeKind.Unspecified);
                continue;
            }

            if (!IsDay(day))
            {
                continue;
            }

            foreach (var hour in hours)
            {
                foreach (var minute in minutes)
                {
                    var reading = day.AddHours(hour).AddMinutes(minute);
                    if (reading >= from)
                    {
                        yield return DateTime.SpecifyKind(reading, DateTimeKind.Unspecified);
                    }
                }
            }
        }
    }

    // As in every cron: where both kinds of days are restricted, either will do.
    private bool IsDay(DateTime day)
    {
        var (monthDay, weekDay) = (monthDays.Contains(day.Day), weekDays.Contains((int)day.DayOfWeek));
        return !anyMonthDay && !anyWeekDay ? monthDay || weekDay : monthDay && weekDay;
    }

    private IEnumerable<DateTimeOffset> Instants(DateTime reading)
    {
        if (zone.IsInvalidTime(reading))
        {
            if (!followsTheClock)
            {
                yield return AfterTheGap(reading);
            }
        }
        else if (zone.IsAmbiguousTime(reading))
        {
            var offsets = zone.GetAmbiguousTimeOffsets(reading).OrderDescending().ToList();
            yield return new DateTimeOffset(reading, offsets[0]);
            if (followsTheClock)
            {
                yield return new DateTimeOffset(reading, offsets[^1]);
            }
        }
        else
        {
            yield return new DateTimeOffset(reading, zone.GetUtcOffset(reading));
        }
    }

    private DateTimeOffset AfterTheGap(DateTime reading)
    {
        while (zone.IsInvalidTime(reading))
        {
            reading = reading.AddMinutes(1);
        }

        return new DateTimeOffset(reading, zone.GetUtcOffset(reading));
    }

    private static ImmutableArray<int> Values(string field, int min, int max, string[] words) =>
        [.. field.Split(',').SelectMany(item => Range(item, min, max, words)).Distinct().Order()];

    private static IEnumerable<int> Range(string item, int min, int max, string[] words)
    {
        var parts = item.Split('/');
        var step = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 1;
        var ends = parts[0].Split('-');
        var (from, to) = parts[0] == "*" ? (min, max) : (Number(ends[0], words), ends.Length > 1 ? Number(ends[1], words) : parts.Length > 1 ? max : Number(ends[0], words));
        for (var value = from; value <= to; value += step)
        {
            yield return value;
        }
    }

    private static int Number(string text, string[] words)
    {
        var word = Array.FindIndex(words, known => known.Equals(text, StringComparison.OrdinalIgnoreCase));
        return word >= 0 ? word + (words.Length == Months.Length ? 1 : 0) : int.Parse(text, CultureInfo.InvariantCulture);
    }
}
