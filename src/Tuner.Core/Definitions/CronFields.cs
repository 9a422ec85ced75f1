using System.Globalization;

namespace Tuner.Core.Definitions;

/// <summary>Checks the five fields of a cron schedule: minute, hour, day of month, month, day of week.</summary>
internal static class CronFields
{
    private static readonly (string Name, int Min, int Max, string[] Words)[] Fields =
    [
        ("minute", 0, 59, []),
        ("hour", 0, 23, []),
        ("day of month", 1, 31, []),
        ("month", 1, 12, ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]),
        ("day of week", 0, 7, ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]),
    ];

    /// <summary>What is wrong and its cure; null for a schedule that can be read.</summary>
    public static string? Problem(string cron)
    {
        var parts = cron.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != Fields.Length)
        {
            return $"'{cron}' has {parts.Length} fields. Write five: minute, hour, day of month, month, day of week, such as \"0 2 * * *\".";
        }

        foreach (var (part, field) in parts.Zip(Fields))
        {
            if (!part.Split(',').All(item => Allows(item, field)))
            {
                return $"'{part}' is no {field.Name}. Write {field.Min} to {field.Max}, a list, a range or *.";
            }
        }

        return null;
    }

    private static bool Allows(string item, (string Name, int Min, int Max, string[] Words) field)
    {
        var step = item.Split('/');
        if (step.Length > 2 || (step.Length == 2 && (!int.TryParse(step[1], NumberStyles.None, CultureInfo.InvariantCulture, out var every) || every < 1 || every > field.Max)))
        {
            return false;
        }

        if (step[0] == "*")
        {
            return true;
        }

        var ends = step[0].Split('-').Select(end => Number(end, field)).ToArray();
        return ends is [not null] or [not null, not null] && ends[0] <= ends[^1];
    }

    private static int? Number(string text, (string Name, int Min, int Max, string[] Words) field)
    {
        var word = Array.FindIndex(field.Words, known => known.Equals(text, StringComparison.OrdinalIgnoreCase));
        return word >= 0 ? word + (field.Min == 1 ? 1 : 0)
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= field.Min && number <= field.Max ? number : null;
    }
}
