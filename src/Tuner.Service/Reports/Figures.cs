using System.Globalization;
using Tuner.Core.Slos;

namespace Tuner.Service.Reports;

/// <summary>Numbers for people: three significant digits, in the unit that fits. What is unknown is a dash.</summary>
public static class Figures
{
    public const string None = "–";

    /// <summary>What is so many times another value is told as far, not by its digits.</summary>
    public const double Far = Slo.Far;

    private const string Minus = "−";

    /// <summary>A latency given in seconds, as µs, ms or s.</summary>
    public static string Latency(double? seconds, int digits = 3) => seconds is not { } value
        ? None
        : Math.Abs(value) switch
        {
            0 => "0 ms",
            < 0.0009995 => $"{Significant(value * 1e6, digits)} µs",
            < 0.9995 => $"{Significant(value * 1e3, digits)} ms",
            _ => $"{Significant(value, digits)} s",
        };

    /// <summary>A share (0 to 1) in percent.</summary>
    public static string Share(double? share, int digits = 3) => share is { } value ? $"{Significant(value * 100, digits)} %" : None;

    /// <summary>A share (0 to 1) in whole percent, or with a decimal where that is what it takes.</summary>
    public static string Percent(double? share) => share is not { } value
        ? None
        : value == 0 ? "0 %" : $"{Signed(Math.Abs(value) < 0.0995 && value != 0 ? Significant(value * 100, 2) : Math.Round(value * 100).ToString("0", CultureInfo.InvariantCulture))} %";

    /// <summary>A change as a share, with its sign.</summary>
    public static string Change(double? share) => share switch
    {
        null => None,
        0 => "same",
        > Far => "> 10×",
        > 0 => $"+{Percent(share)}",
        _ => Percent(share),
    };

    /// <summary>A margin: in percent, as a multiple of the limit where the bound is far beyond it, and no figure at all beyond ten times.</summary>
    public static string Margin(double? margin) => margin switch
    {
        null or >= -1 => Percent(margin),
        >= -9 => $"{Significant(1 - margin.Value, 2)}×",
        _ => "> 10×",
    };

    /// <summary>A limit as it would have to be, beside what it is. Beyond ten times that its digits mean nothing: it is only said to be there.</summary>
    public static string Relaxed(double value, double limit, string unit) => value switch
    {
        var bound when limit > 0 && bound > Far * limit => $"> {Limit(Far * limit, unit)}",
        var bound when bound * Far < limit => $"< {Limit(limit / Far, unit)}",
        _ => Beside(value, limit, unit),
    };

    public static string Rate(double? perSecond, int digits = 3) => perSecond is { } value ? $"{Significant(value, digits)}/s" : None;

    public static string Count(long? count) => count is { } value ? value.ToString("#,0", CultureInfo.InvariantCulture) : None;

    /// <summary>An amount of money: three significant digits below 100, whole units above.</summary>
    public static string Money(decimal? amount, string currency) => amount is not { } value
        ? None
        : $"{(Math.Abs(value) >= 100 ? Signed(Math.Round(value).ToString("#,0", CultureInfo.InvariantCulture)) : Significant((double)value))} {currency}";

    /// <summary>An amount as it was set: every digit of it, no more.</summary>
    public static string Set(decimal amount, string currency) => $"{amount / 1.000000000000000000000000000m:#,0.############} {currency}";

    /// <summary>A length of time, as people say it.</summary>
    public static string Duration(double? seconds) => seconds is not { } value
        ? None
        : value switch
        {
            < 0.9995 => Trimmed(Latency(value)),
            < 99.5 => Trimmed($"{Significant(value)} s"),
            < 5400 => string.Create(CultureInfo.InvariantCulture, $"{(int)value / 60} min {(int)value % 60:00} s"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{(int)value / 3600} h {(int)value / 60 % 60:00} min"),
        };

    public static string Bytes(long? bytes) => bytes is not { } value
        ? None
        : value switch
        {
            < 1 << 20 => $"{Significant(value / 1024.0)} KiB",
            < 1 << 30 => $"{Significant(value / 1048576.0)} MiB",
            _ => $"{Significant(value / 1073741824.0)} GiB",
        };

    public static string Cores(double? cores) => cores is { } value ? $"{Significant(value, 2)} cores" : None;

    public static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A value in the unit of an SLO's metric: <c>s</c>, <c>share</c>, <c>1/s</c>, <c>B</c> or <c>cores</c>.</summary>
    public static string InUnit(double? value, string unit, int digits = 3) => unit switch
    {
        "s" => Latency(value, digits),
        "share" => Share(value, digits),
        "1/s" => Rate(value, digits),
        "B" => value is { } bytes ? Bytes((long)bytes) : None,
        "cores" => Cores(value),
        "" => value is { } plain ? Significant(plain, digits) : None,
        _ => value is { } number ? $"{Significant(number, digits)} {unit}" : None,
    };

    /// <summary>A limit as it was set: every digit of it, no more.</summary>
    public static string Limit(double limit, string unit)
    {
        for (var digits = 1; digits < 15; digits++)
        {
            var rounded = Round(limit, digits);
            if (Math.Abs(rounded - limit) <= Math.Abs(limit) * 1e-12)
            {
                return InUnit(limit, unit, digits);
            }
        }

        return InUnit(limit, unit, 15);
    }

    /// <summary>A value beside a limit: with as many digits as it takes to see on which side it is.</summary>
    public static string Beside(double? value, double limit, string unit)
    {
        if (value is not { } number)
        {
            return None;
        }

        for (var digits = 3; digits < 9; digits++)
        {
            if (number == limit || Round(number, digits) != limit)
            {
                return InUnit(number, unit, digits);
            }
        }

        return InUnit(number, unit, 9);
    }

    /// <summary>So many significant digits, with thousands separators and without an exponent.</summary>
    public static string Significant(double value, int digits = 3)
    {
        if (value == 0)
        {
            return "0";
        }

        var rounded = Round(value, digits);
        var decimals = Math.Clamp(digits - 1 - Magnitude(rounded), 0, 12);
        return Signed(rounded.ToString($"#,0.{new string('0', decimals)}", CultureInfo.InvariantCulture));
    }

    private static string Trimmed(string text)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        return text[..space].Contains('.', StringComparison.Ordinal) ? text[..space].TrimEnd('0').TrimEnd('.') + text[space..] : text;
    }

    private static string Signed(string text) => text.Replace("-", Minus, StringComparison.Ordinal);

    private static double Round(double value, int digits)
    {
        if (value == 0)
        {
            return 0;
        }

        // Through the text, since powers of ten are not exact in binary.
        return double.Parse(value.ToString($"E{Math.Clamp(digits - 1, 0, 15)}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    private static int Magnitude(double value) => (int)Math.Floor(Math.Log10(Math.Abs(value)) + 1e-12);
}
