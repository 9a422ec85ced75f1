using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Tuner.Core.Definitions;

/// <summary>An amount of money; the currency is null where none was written.</summary>
public sealed record Money(decimal Amount, string? Currency);

/// <summary>Reads numbers with units as people write them. Each returns false with a message that holds the cure.</summary>
public static partial class Quantities
{
    private static readonly TimeSpan LongestDuration = TimeSpan.FromDays(366);

    /// <summary><c>500ms</c>, <c>60s</c>, <c>1h30m</c>, <c>2d</c>; never without a unit.</summary>
    public static bool TryDuration(string text, out TimeSpan duration, [NotNullWhen(false)] out string? problem)
    {
        duration = TimeSpan.Zero;
        problem = null;
        if (PlainNumber().IsMatch(text))
        {
            problem = $"{text} has no unit. Write {text}s for seconds, or use ms, s, m, h or d.";
            return false;
        }

        var match = DurationParts().Match(text);
        if (!match.Success)
        {
            var word = DurationWord().Match(text);
            problem = word.Success
                ? $"'{text}' is no duration. Write {word.Groups["number"].Value}{Short(word.Groups["word"].Value)}."
                : $"'{text}' is no duration. Write it like 500ms, 60s, 1h30m or 3h.";
            return false;
        }

        var ticks = 0m;
        for (var index = 0; index < match.Groups["number"].Captures.Count; index++)
        {
            var number = decimal.Parse(match.Groups["number"].Captures[index].Value, CultureInfo.InvariantCulture);
            ticks += number * TicksIn(match.Groups["unit"].Captures[index].Value);
        }

        if (ticks > LongestDuration.Ticks)
        {
            problem = $"'{text}' is longer than {LongestDuration.Days} days.";
            return false;
        }

        if (ticks != decimal.Truncate(ticks))
        {
            problem = $"'{text}' is finer than 100 ns, the smallest step of time here.";
            return false;
        }

        duration = TimeSpan.FromTicks((long)ticks);
        return true;
    }

    /// <summary><c>80/s</c>, <c>4800/min</c>, <c>10000/h</c>, or a number per second.</summary>
    public static bool TryRate(string text, out double perSecond, [NotNullWhen(false)] out string? problem)
    {
        perSecond = 0;
        var match = RateParts().Match(text);
        problem = match.Success ? null
            : RateWord().Match(text) is { Success: true } word ? $"'{text}' is no rate. Write {word.Groups["number"].Value}/s."
            : $"'{text}' is no rate. Write it like 80/s or 4800/min.";
        if (problem is not null)
        {
            return false;
        }

        var number = double.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture);
        perSecond = match.Groups["unit"].Value switch
        {
            "min" or "m" => number / 60,
            "h" => number / 3600,
            _ => number,
        };
        return true;
    }

    /// <summary><c>95%</c> or <c>0.95</c>: 0 to 1.</summary>
    public static bool TryShare(string text, out double share, [NotNullWhen(false)] out string? problem)
    {
        share = 0;
        problem = null;
        var percent = text.EndsWith('%');
        var number = percent ? text[..^1].TrimEnd() : text;
        if (!PlainNumber().IsMatch(number) || !decimal.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            problem = $"'{text}' is no share. Write it like 95% or 0.95.";
            return false;
        }

        share = (double)(percent ? value / 100 : value);
        if (share is < 0 or > 1)
        {
            problem = $"{text} is not between 0% and 100%.{(percent || share < 0 ? "" : $" Did you mean {text}%?")}";
            return false;
        }

        return true;
    }

    /// <summary><c>25 USD</c>, or an amount in the currency of the context.</summary>
    public static bool TryMoney(string text, [NotNullWhen(true)] out Money? money, [NotNullWhen(false)] out string? problem)
    {
        money = null;
        var match = MoneyParts().Match(text);
        problem = match.Success ? null
            : text is ['$', .. var dollars] && MoneyParts().IsMatch(dollars) ? $"'{text}' is no amount of money here. Write {dollars} USD."
            : $"'{text}' is no amount of money. Write it like 25 USD.";
        if (problem is not null)
        {
            return false;
        }

        if (!decimal.TryParse(match.Groups["number"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount))
        {
            problem = $"'{text}' is too large an amount.";
            return false;
        }

        // The division takes trailing zeros away: 25.00 and 25 are one amount.
        money = new Money(amount / 1.000000000000000000000000000m, match.Groups["currency"] is { Success: true } currency ? currency.Value : null);
        return true;
    }

    public static bool TryInteger(string text, out long number, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number))
        {
            return true;
        }

        problem = TryNumber(text, out var real, out _)
            ? real == Math.Floor(real) && Math.Abs(real) < 1e15
                ? $"{text} is not written as a whole number. Write {real.ToString("F0", CultureInfo.InvariantCulture)}."
                : $"{text} is not a whole number that fits here."
            : $"'{text}' is not a whole number.";
        return false;
    }

    public static bool TryNumber(string text, out double number, [NotNullWhen(false)] out string? problem)
    {
        number = 0;
        var valid = PlainNumber().IsMatch(text)
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number)
            && double.IsFinite(number);
        problem = valid ? null : $"'{text}' is not a number.";
        return valid;
    }

    /// <summary>A duration the way a person would write it: <c>1h30m</c>, <c>2m5s</c>, <c>12.5s</c>, <c>500ms</c>.</summary>
    public static string Show(TimeSpan duration)
    {
        if (duration < TimeSpan.FromSeconds(1))
        {
            return $"{duration.TotalMilliseconds.ToString("0.####", CultureInfo.InvariantCulture)}ms";
        }

        var hours = (long)duration.TotalHours;
        var seconds = (duration - TimeSpan.FromHours(hours) - TimeSpan.FromMinutes(duration.Minutes)).TotalSeconds;
        return (hours > 0 ? $"{hours}h" : "")
            + (duration.Minutes > 0 ? $"{duration.Minutes}m" : "")
            + (seconds > 0 ? $"{seconds.ToString("0.###", CultureInfo.InvariantCulture)}s" : "");
    }

    private static string Short(string word) => word[..2].ToLowerInvariant() switch
    {
        "mi" when word.StartsWith("mil", StringComparison.OrdinalIgnoreCase) => "ms",
        "ms" => "ms",
        "se" => "s",
        "mi" => "m",
        "ho" or "hr" => "h",
        _ => "d",
    };

    private static decimal TicksIn(string unit) => unit switch
    {
        "us" or "µs" or "μs" => TimeSpan.TicksPerMicrosecond,
        "ms" => TimeSpan.TicksPerMillisecond,
        "s" => TimeSpan.TicksPerSecond,
        "m" or "min" => TimeSpan.TicksPerMinute,
        "h" => TimeSpan.TicksPerHour,
        _ => TimeSpan.TicksPerDay,
    };

    [GeneratedRegex(@"^[+-]?(?:[0-9]{1,300}(?:\.[0-9]{1,300})?|\.[0-9]{1,300})(?:[eE][+-]?[0-9]{1,3})?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex PlainNumber();

    [GeneratedRegex(@"^(?:(?<number>[0-9]{1,12}(?:\.[0-9]{1,9})?) ?(?<unit>us|µs|μs|ms|s|min|m|h|d) ?){1,6}(?<! )\z", RegexOptions.ExplicitCapture)]
    private static partial Regex DurationParts();

    [GeneratedRegex(@"^(?<number>[0-9]{1,12}(?:\.[0-9]{1,9})?) ?(?<word>milliseconds?|msecs?|secs?|seconds?|mins?|minutes?|hours?|hrs?|days?)\z", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex DurationWord();

    [GeneratedRegex(@"^(?<number>[0-9]{1,12}(?:\.[0-9]{1,9})?) ?(?:rps|qps|req/s|r/s|hz|per second|requests/s|/sec|/second)\z", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex RateWord();

    [GeneratedRegex(@"^(?<number>[0-9]{1,12}(?:\.[0-9]{1,9})?)(?: ?/ ?(?<unit>s|min|m|h))?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex RateParts();

    [GeneratedRegex(@"^(?<number>[0-9]{1,15}(?:\.[0-9]{1,10})?)(?: ?(?<currency>[A-Z]{3}))?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex MoneyParts();
}
