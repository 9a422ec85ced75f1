using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Tuner.Core.Loads;

/// <summary>Reads recorded arrival times: seconds from the start, one a line, in any order; empty lines are passed over.</summary>
public static class RecordedArrivals
{
    private const double LongestSeconds = 1e6;

    /// <param name="problem">Why the text is no list of times: the line, its text and what it should be.</param>
    public static bool TryRead(ReadOnlySpan<byte> utf8, out ImmutableArray<TimeSpan> times, [NotNullWhen(false)] out string? problem)
    {
        var read = new List<TimeSpan>();
        times = [];
        foreach (var (index, line) in Encoding.UTF8.GetString(utf8).Split('\n', StringSplitOptions.TrimEntries).Index())
        {
            if (line.Length == 0)
            {
                continue;
            }

            if (!double.TryParse(line, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) || seconds is not (>= 0 and <= LongestSeconds))
            {
                problem = $"line {index + 1}: '{line}' is no time in seconds from the start. Write one number a line, such as 0.25.";
                return false;
            }

            read.Add(TimeSpan.FromSeconds(seconds));
        }

        problem = read.Count == 0 ? "it holds no times. Write seconds from the start, one a line." : null;
        read.Sort();
        times = [.. read];
        return problem is null;
    }

    /// <summary>How long a phase must last at least to send all of these times.</summary>
    public static TimeSpan DurationOf(ImmutableArray<TimeSpan> times) => times[^1] + TimeSpan.FromMilliseconds(1);
}
