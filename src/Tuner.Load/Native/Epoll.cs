using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tuner.Load.Looping;

namespace Tuner.Load.Native;

/// <summary>
/// An epoll instance with a buffer for its events. Waits until a time on the monotonic clock: asleep at first, and
/// spinning for the last stretch where that was asked for.
/// </summary>
internal sealed unsafe class Epoll : IDisposable
{
    private const int Capacity = 64;

    // struct epoll_event is packed on x86-64 only.
    private static readonly int EventSize = RuntimeInformation.ProcessArchitecture is Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture is Architecture.X64 ? 4 : 8;

    private readonly byte* events = (byte*)NativeMemory.AllocZeroed(Capacity * 16);
    private readonly int descriptor;
    private bool coarse;

    public Epoll()
    {
        descriptor = Libc.EpollCreate(Libc.CloseOnExec);
        if (descriptor < 0)
        {
            throw new IOException($"epoll_create1 failed with error {Marshal.GetLastPInvokeError()}.");
        }
    }

    /// <summary>Time spent asleep or spinning for nothing.</summary>
    public long IdleNanoseconds { get; private set; }

    public bool Add(int socket, int index, int generation)
    {
        var @event = stackalloc byte[16];
        Unsafe.WriteUnaligned(@event, Libc.EpollIn | Libc.EpollOut | Libc.EpollReadHangUp | Libc.EpollEdge);
        Unsafe.WriteUnaligned(@event + DataOffset, ((ulong)(uint)generation << 32) | (uint)index);
        return Libc.EpollControl(descriptor, Libc.EpollAdd, socket, @event) == 0;
    }

    public (uint Flags, int Index, int Generation) this[int position]
    {
        get
        {
            var @event = events + (position * EventSize);
            var data = Unsafe.ReadUnaligned<ulong>(@event + DataOffset);
            return (Unsafe.ReadUnaligned<uint>(@event), (int)(uint)data, (int)(data >> 32));
        }
    }

    /// <summary>Waits for events until a time, spinning at the end of it; returns their number, 0 when the time came first.</summary>
    public int Wait(long until, long spin)
    {
        var before = MonotonicClock.Now;
        var begun = before;
        while (true)
        {
            var rest = until - before;
            var ready = WaitFor(rest <= spin ? 0 : rest - spin);
            var after = MonotonicClock.Now;
            if (ready == 0 && after < until)
            {
                before = after;
                continue;
            }

            // Events that were there already cost a microsecond to fetch: that is work, not waiting.
            var waited = after - begun;
            IdleNanoseconds += ready == 0 || waited > 3_000 ? waited : 0;
            return ready;
        }
    }

    /// <summary>Sleeps until a time, whatever comes meanwhile, and returns the number of events that did.</summary>
    public int Collect(long until)
    {
        var before = MonotonicClock.Now;
        if (until > before)
        {
            var time = new Libc.TimeSpec { Seconds = until / 1_000_000_000, Nanoseconds = until % 1_000_000_000 };
            _ = Libc.Sleep(Libc.MonotonicClock, Libc.AbsoluteTime, &time, null);
            IdleNanoseconds += MonotonicClock.Now - before;
        }

        return WaitFor(0);
    }

    public void Dispose()
    {
        Libc.Close(descriptor);
        NativeMemory.Free(events);
    }

    private int WaitFor(long nanoseconds)
    {
        int ready;
        if (nanoseconds <= 0 || coarse)
        {
            ready = Libc.EpollWait(descriptor, events, Capacity, (int)Math.Max(0, nanoseconds / 1_000_000));
        }
        else
        {
            try
            {
                var timeout = new Libc.TimeSpec { Seconds = nanoseconds / 1_000_000_000, Nanoseconds = nanoseconds % 1_000_000_000 };
                ready = Libc.EpollWaitPrecise(descriptor, events, Capacity, &timeout, null);
            }
            catch (EntryPointNotFoundException)
            {
                // An older C library: milliseconds, and the rest by spinning.
                coarse = true;
                return 0;
            }
        }

        if (ready >= 0)
        {
            return ready;
        }

        var error = Marshal.GetLastSystemError();
        coarse |= error == Libc.NotImplemented;
        return error is Libc.Interrupted or Libc.NotImplemented ? 0 : throw new IOException($"epoll_wait failed with error {error}.");
    }
}
