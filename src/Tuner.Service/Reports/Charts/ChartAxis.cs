using System.Collections.Immutable;
using System.Globalization;

namespace Tuner.Service.Reports.Charts;

/// <summary>A scale from values to the share (0 to 1) of an axis' length, with the ticks that suit it. Values outside are held at the ends.</summary>
internal sealed class ChartAxis
{
    private readonly Func<double, double> project;
    private readonly double low;
    private readonly double high;

    private ChartAxis(Func<double, double> project, double minimum, double maximum, IEnumerable<double> ticks, Func<double, string> label)
    {
        this.project = project;
        low = project(minimum);
        high = project(maximum);
        Minimum = minimum;
        Maximum = maximum;
        Ticks = [.. ticks.Where(tick => Share(tick) is >= -1e-9 and <= 1 + 1e-9).Select(tick => new AxisTick(tick, label(tick)))];
    }

    public double Minimum { get; }

    public double Maximum { get; }

    public ImmutableArray<AxisTick> Ticks { get; }

    /// <summary>Even spacing; the ends are ticks, all written with the same number of decimals.</summary>
    public static ChartAxis Linear(double minimum, double maximum, bool whole = false)
    {
        var step = NiceStep(Math.Max(maximum - minimum, 1e-12) / 5);
        step = whole ? Math.Max(1, Math.Round(step)) : step;
        var first = Math.Floor((minimum / step) + 1e-9);
        var last = Math.Max(first + 1, Math.Ceiling((maximum / step) - 1e-9));
        var ticks = Enumerable.Range(0, (int)(last - first) + 1).Select(index => (first + index) * step);
        var decimals = Enumerable.Range(0, 13).First(count => count == 12 || Math.Abs(Math.Round(step, count) - step) < step * 1e-6);
        return new ChartAxis(value => value, first * step, last * step, ticks, value => value.ToString($"N{decimals}", CultureInfo.InvariantCulture));
    }

    /// <summary>Even spacing of factors, a little wider than the values, which must be positive.</summary>
    public static ChartAxis Log(double minimum, double maximum, Func<double, string> label)
    {
        const double room = 1.15;
        var (from, to) = (minimum / room, Math.Max(maximum, minimum * 1.5) * room);
        var ticks = new[] { [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8], [1, 2, 3, 5], [1, 2, 5], new double[] { 1 } }
            .Select(mantissas => Decades(from, to, mantissas))
            .First(list => list.Count <= 8 || Math.Log10(to / from) > 4);
        return new ChartAxis(Math.Log10, from, to, ticks, label);
    }

    /// <summary>So many places side by side, counted from 0, with half a place free at either end; at most so many have a label.</summary>
    public static ChartAxis Places(int count, IReadOnlyList<string> labels, int mostLabels)
    {
        var every = Math.Max(1, (count + mostLabels - 1) / mostLabels);
        var ticks = Enumerable.Range(0, count).Where(index => index % every == 0).Select(index => (double)index);
        return new ChartAxis(value => value, -0.5, count - 0.5, ticks, value => Cut(labels[(int)value]));
    }

    /// <summary>Quantiles from p10 to the given one, spaced by the logarithm of the tail: p90, p99 and p99.9 are equally far apart.</summary>
    public static ChartAxis Tail(double maximum)
    {
        var last = Math.Max(maximum, 0.99);
        var ticks = new[] { 0.1, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9999, 0.99999 };
        return new ChartAxis(quantile => -Math.Log10(Math.Max(1 - quantile, 1e-9)), 0.1, last, ticks, tick => $"p{tick * 100:0.###}");
    }

    /// <summary>Where the value lies between the axis' ends; below 0 or above 1 outside of them.</summary>
    public double Share(double value) => (project(value) - low) / (high - low);

    public double Held(double value) => Math.Clamp(Share(value), 0, 1);

    private static string Cut(string text) => text.Length <= 16 ? text : $"{text[..15]}…";

    private static List<double> Decades(double from, double to, double[] mantissas)
    {
        var list = new List<double>();
        for (var exponent = (int)Math.Floor(Math.Log10(from)); exponent <= Math.Ceiling(Math.Log10(to)); exponent++)
        {
            list.AddRange(mantissas.Select(mantissa => mantissa * Math.Pow(10, exponent)).Where(value => value >= from && value <= to));
        }

        return list;
    }

    private static double NiceStep(double raw)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        return power * ((raw / power) switch
        {
            <= 1.0001 => 1,
            <= 2.0001 => 2,
            <= 2.5001 => 2.5,
            <= 5.0001 => 5,
            _ => 10,
        });
    }
}

/// <summary>A value of an axis and what stands beside it.</summary>
internal sealed record AxisTick(double Value, string Label);
