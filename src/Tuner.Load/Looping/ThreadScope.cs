using Tuner.Load.Native;

namespace Tuner.Load.Looping;

/// <summary>What a generator thread asks of the system for itself: its CPUs, its priority, exact timers. Best effort; threads end with their load.</summary>
internal sealed unsafe class ThreadScope : IDisposable
{
    private const int RaisedNice = -10;
    private const int LowestRealTimePriority = 1;

    private readonly TimeSpan before = ThreadCpu();

    /// <summary>CPU time of this thread since it entered.</summary>
    public TimeSpan Cpu => ThreadCpu() - before;

    public static ThreadScope Enter(LoadOptions options)
    {
        if (OperatingSystem.IsLinux())
        {
            if (options.Pacing is not LoadPacing.Economical)
            {
                _ = Libc.ProcessControl(Libc.SetTimerSlack, 1);
            }

            if (!options.Cpus.IsDefaultOrEmpty)
            {
                Bind(options);
            }

            if (options.RaisePriority)
            {
                RaisePriority();
            }
        }

        return new ThreadScope();
    }

    public void Dispose()
    {
        // Nothing to undo: the thread ends.
    }

    /// <summary>
    /// The lowest real-time priority, which comes before every ordinary thread of the machine whatever group it is in; a
    /// nice value counts only within the own group of tasks, where the kernel groups them by session (autogroup).
    /// </summary>
    private static void RaisePriority()
    {
        var priority = LowestRealTimePriority;
        if (Libc.SetScheduler(0, Libc.FirstInFirstOut | Libc.ResetOnFork, &priority) != 0)
        {
            _ = Libc.SetPriority(0, Libc.ThreadId(), RaisedNice);
        }
    }

    private static void Bind(LoadOptions options)
    {
        const int words = 16;
        var mask = stackalloc ulong[words];
        new Span<ulong>(mask, words).Clear();
        foreach (var cpu in options.Cpus.Where(cpu => cpu is >= 0 and < words * 64))
        {
            mask[cpu / 64] |= 1UL << (cpu % 64);
        }

        _ = Libc.SetAffinity(0, words * sizeof(ulong), mask);
    }

    private static TimeSpan ThreadCpu()
    {
        if (!OperatingSystem.IsLinux())
        {
            return TimeSpan.Zero;
        }

        Libc.TimeSpec time;
        _ = Libc.ClockGetTime(Libc.ThreadCpuClock, &time);
        return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromTicks(time.Nanoseconds / 100);
    }
}
