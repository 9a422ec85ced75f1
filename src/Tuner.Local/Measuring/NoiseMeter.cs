using System.Diagnostics;
using System.Globalization;
using Tuner.Core.Measurements;

namespace Tuner.Local.Measuring;

/// <summary>
/// Reads how much the machine itself disturbs, from its construction to <see cref="Read"/>. CPU pressure counts every
/// task that waited for a core, the candidate's own included.
/// </summary>
internal sealed class NoiseMeter
{
    private readonly long started = Stopwatch.GetTimestamp();
    private readonly long? pressure = PressureMicroseconds();
    private readonly (long Steal, long Total)? cpu = CpuTicks();

    public MachineNoise Read() => new()
    {
        CpuPressure = pressure is { } before && PressureMicroseconds() is { } after
            ? Math.Clamp((after - before) / Math.Max(1, Stopwatch.GetElapsedTime(started).TotalMicroseconds), 0, 1)
            : null,
        Steal = cpu is { } first && CpuTicks() is { } last && last.Total > first.Total
            ? Math.Clamp((double)(last.Steal - first.Steal) / (last.Total - first.Total), 0, 1)
            : null,
    };

    private static long? PressureMicroseconds()
    {
        try
        {
            // some avg10=0.00 avg60=0.00 avg300=0.00 total=12345
            var line = File.ReadLines("/proc/pressure/cpu").First();
            return long.Parse(line[(line.LastIndexOf('=') + 1)..], CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static (long Steal, long Total)? CpuTicks()
    {
        try
        {
            // cpu user nice system idle iowait irq softirq steal guest guest_nice
            var numbers = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Skip(1).Take(8).Select(text => long.Parse(text, CultureInfo.InvariantCulture)).ToArray();
            return (numbers[7], numbers.Sum());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
