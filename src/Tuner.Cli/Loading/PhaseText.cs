using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Tuner.Core.Definitions;
using Tuner.Core.Loads;

namespace Tuner.Cli.Loading;

/// <summary>Reads a phase from one word of a command line: <c>NAME:RATE:DURATION</c>, <c>NAME:FROM-TO:DURATION</c>, <c>NAME:N users:DURATION</c>, <c>NAME:day sale:DURATION</c>.</summary>
internal static class PhaseText
{
    public static bool TryRead(string text, [NotNullWhen(true)] out Phase? phase, [NotNullWhen(false)] out string? problem)
    {
        phase = null;
        var parts = text.Split(':');
        if (parts.Length != 3 || parts[0].Length == 0)
        {
            problem = $"--phase: '{text}' cannot be read. Write NAME:RATE:DURATION, such as peak:250/s:20s, ramp:10/s-250/s:1m, or steady:64 users:20s.";
            return false;
        }

        if (!Quantities.TryDuration(parts[2], out var duration, out problem))
        {
            problem = $"--phase: {problem}";
            return false;
        }

        phase = Intensity(parts[0], parts[1], duration, out problem);
        problem = problem is null ? null : $"--phase: {problem}";
        return phase is not null;
    }

    private static Phase? Intensity(string name, string text, TimeSpan duration, out string? problem)
    {
        problem = null;
        if (text.EndsWith("users", StringComparison.Ordinal))
        {
            if (int.TryParse(text[..^5].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var users) && users > 0)
            {
                return new UsersPhase(name, duration, users);
            }

            problem = $"'{text}' is no number of users. Write it like 64 users.";
            return null;
        }

        if (text.StartsWith("day ", StringComparison.Ordinal))
        {
            return Day(name, text[4..], duration, out problem);
        }

        var ends = text.Split('-');
        if (ends.Length > 2 || !Quantities.TryRate(ends[0], out var from, out problem) || !Quantities.TryRate(ends[^1], out var to, out problem))
        {
            problem ??= $"'{text}' is no rate. Write it like 80/s, or 10/s-250/s for a ramp.";
            return null;
        }

        return ends.Length == 1 ? new RatePhase(name, duration, from) : new RampPhase(name, duration, from, to);
    }

    private static CurvePhase? Day(string name, string text, TimeSpan duration, out string? problem)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        problem = $"'day {text}' cannot be read. Write day KIND PEAK, such as day weekday 200/s; kinds are {string.Join(", ", DayCurve.Kinds)}.";
        if (words.Length != 2 || !DayCurve.Kinds.Contains(words[0]) || !Quantities.TryRate(words[1], out var peak, out _))
        {
            return null;
        }

        problem = null;
        return DayCurve.Of(words[0], name, duration, peak);
    }
}
