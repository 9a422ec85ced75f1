using System.Globalization;
using Tuner.Core.Measurements;
using Tuner.Load.Looping;

namespace Tuner.Load.Judging;

/// <summary>Notes how noisy the machine is while a load runs: CPU pressure, stolen time, and the speed of a fixed spin loop before and after.</summary>
internal sealed class MachineWatch
{
    private const long SpinFor = 2_000_000;
    private readonly long startedAt = MonotonicClock.Now;
    private readonly double? pressure = PressureMicroseconds();
    private readonly (double Stolen, double All)? steal = CpuTimes();
    private readonly double spin = SpinSpeed();

    public static MachineWatch Start() => new();

    public MachineNoise Stop()
    {
        var seconds = (MonotonicClock.Now - startedAt) / 1e9;
        return new MachineNoise
        {
            CpuPressure = pressure is { } before && PressureMicroseconds() is { } after ? Share((after - before) / 1e6, seconds) : null,
            Steal = steal is { } first && CpuTimes() is { } last ? Share(last.Stolen - first.Stolen, last.All - first.All) : null,
            SpinBefore = spin,
            SpinAfter = SpinSpeed(),
        };
    }

    /// <summary>Reads the total of the line "some … total=N" in microseconds.</summary>
    internal static double? ParsePressure(string text)
    {
        var line = text.Split('\n').FirstOrDefault(line => line.StartsWith("some", StringComparison.Ordinal));
        var total = line?.Split("total=").ElementAtOrDefault(1);
        return double.TryParse(total, CultureInfo.InvariantCulture, out var microseconds) ? microseconds : null;
    }

    /// <summary>Reads stolen and all time from the first line of /proc/stat, in its own ticks.</summary>
    internal static (double Stolen, double All)? ParseStat(string text)
    {
        var fields = text.Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 9 || fields[0] != "cpu")
        {
            return null;
        }

        // user nice system idle iowait irq softirq steal; guest time is part of user.
        var times = fields.Skip(1).Take(8).Select(field => double.Parse(field, CultureInfo.InvariantCulture)).ToArray();
        return (times[7], times.Sum());
    }

    private static double? PressureMicroseconds() => ReadText("/proc/pressure/cpu") is { } text ? ParsePressure(text) : null;

    private static (double Stolen, double All)? CpuTimes() => ReadText("/proc/stat") is { } text ? ParseStat(text) : null;

    private static double Share(double part, double whole) => whole > 0 ? Math.Clamp(part / whole, 0, 1) : 0;

    private static double SpinSpeed()
    {
        var start = MonotonicClock.Now;
        long loops = 0;
        var state = 1UL;
        while (MonotonicClock.Now - start < SpinFor)
        {
            for (var step = 0; step < 100; step++)
            {
                state = (state * 6364136223846793005) + 1442695040888963407;
            }

            loops += 100;
        }

        return (loops + (state == 0 ? 1 : 0)) / ((MonotonicClock.Now - start) / 1e3);
    }

    private static string? ReadText(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : null;
        }
        catch (IOException)
        {
            // Pressure information may be compiled in and switched off.
            return null;
        }
    }
}
