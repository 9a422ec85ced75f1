using System.Diagnostics;

namespace Tuner.Load.Looping;

/// <summary>Nanoseconds of the system's monotonic clock. Sending on time is this project's effect; everything that decides gets its time passed in.</summary>
internal static class MonotonicClock
{
    private static readonly bool IsNanoseconds = Stopwatch.Frequency == 1_000_000_000;

    public static long Now
    {
        get
        {
            var ticks = Stopwatch.GetTimestamp();
            return IsNanoseconds ? ticks : (long)(ticks * (1e9 / Stopwatch.Frequency));
        }
    }
}
