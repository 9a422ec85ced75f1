using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tuner.Load.Looping;

namespace Tuner.Load.Native;

/// <summary>
/// Reads from sockets and tells when the kernel took the bytes in (SO_TIMESTAMPNS, socket(7)), so that a thread may sleep
/// on while answers arrive and measure them no worse for it. Times on <see cref="MonotonicClock"/>; used by one thread.
/// </summary>
internal sealed unsafe class ArrivalClock : IDisposable
{
    // An arrival that seems to lie further back, or ahead, was stamped by a clock that has been set since.
    private const long LongestAgo = 100_000_000;
    private const int ControlSize = 64;

    private readonly byte* control = (byte*)NativeMemory.AllocZeroed(ControlSize);
    private readonly Libc.Message* message = (Libc.Message*)NativeMemory.AllocZeroed((nuint)sizeof(Libc.Message));
    private readonly Libc.Vector* vector = (Libc.Vector*)NativeMemory.AllocZeroed((nuint)sizeof(Libc.Vector));
    private long ahead;

    public ArrivalClock()
    {
        message->Vectors = vector;
        message->VectorCount = 1;
        message->Control = control;
        Align();
    }

    /// <summary>Has the kernel stamp what a socket receives; for the first socket of a machine that begins a moment later.</summary>
    public static void Stamp(int socket)
    {
        var yes = 1;
        Libc.SetSocketOption(socket, Libc.SolSocket, Libc.SoTimestampNanoseconds, &yes, sizeof(int));
    }

    /// <summary>Notes how far the kernel's stamps, which are times of day, are ahead of the monotonic clock; to be called after each wait.</summary>
    public void Align()
    {
        Libc.TimeSpec day;
        _ = Libc.ClockGetTime(Libc.RealTimeClock, &day);
        ahead = (day.Seconds * 1_000_000_000) + day.Nanoseconds - MonotonicClock.Now;
    }

    /// <summary>As <c>recv</c>, with the time at which the last of the bytes arrived.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public nint Receive(int socket, byte* buffer, int size, out long at)
    {
        vector->Start = buffer;
        vector->Length = size;
        message->ControlLength = ControlSize;
        var received = Libc.ReceiveMessage(socket, message, 0);
        at = MonotonicClock.Now;
        var header = (Libc.ControlHeader*)control;
        if (received > 0 && message->ControlLength >= sizeof(Libc.ControlHeader) + sizeof(Libc.TimeSpec) && header->Type == Libc.SoTimestampNanoseconds)
        {
            var stamp = (Libc.TimeSpec*)(header + 1);
            var arrived = (stamp->Seconds * 1_000_000_000) + stamp->Nanoseconds - ahead;
            at = arrived <= at && at - arrived < LongestAgo ? arrived : at;
        }

        return received;
    }

    public void Dispose()
    {
        NativeMemory.Free(vector);
        NativeMemory.Free(message);
        NativeMemory.Free(control);
    }
}
