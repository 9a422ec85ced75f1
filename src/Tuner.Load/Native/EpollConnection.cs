using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tuner.Load.Looping;

namespace Tuner.Load.Native;

/// <summary>One TCP connection of the native engine; the objects are used again, so that opening one allocates nothing in the long run.</summary>
internal sealed unsafe class EpollConnection(int index)
{
    public const int NoSlot = -1;

    // Structs that are changed in place.
    public ResponseParser Parser;

    public EventScanner Events;

    public int Index { get; } = index;

    /// <summary>Tells this use of the object from earlier ones in events that are still queued.</summary>
    public int Generation { get; private set; }

    public int Descriptor { get; private set; } = -1;

    public int Endpoint { get; private set; }

    public int Slot { get; set; } = NoSlot;

    public long Ticket { get; set; }

    public bool Connecting { get; set; }

    /// <summary>At least one answer came over it.</summary>
    public bool Served { get; set; }

    /// <summary>What is still to be written of the request.</summary>
    public nint Unsent { get; set; }

    public int UnsentLength { get; set; }

    /// <summary>Place in the list of idle connections; -1 when it is not idle.</summary>
    public int IdleAt { get; set; } = -1;

    public bool IsOpen => Descriptor >= 0;

    public void Open(int descriptor, int endpoint)
    {
        Generation++;
        Descriptor = descriptor;
        Endpoint = endpoint;
        Slot = NoSlot;
        Connecting = true;
        Served = false;
        UnsentLength = 0;
        IdleAt = -1;
    }

    public void MarkClosed() => Descriptor = -1;

    /// <summary>Writes what the socket takes of the request; false when the connection is broken.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Write()
    {
        while (UnsentLength > 0)
        {
            var sent = Libc.Send(Descriptor, (byte*)Unsent, UnsentLength, Libc.MsgNoSignal);
            if (sent < 0)
            {
                var error = Marshal.GetLastSystemError();
                if (error == Libc.Interrupted)
                {
                    continue;
                }

                return error == Libc.Again;
            }

            Unsent += sent;
            UnsentLength -= (int)sent;
        }

        return true;
    }

    /// <summary>Reads what has come: its bytes, or the socket is empty, or nothing will come any more.</summary>
    /// <param name="arrivals">Tells when the bytes arrived; without it, they count from when they are read.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ReceiveResult Receive(byte* buffer, int size, ArrivalClock? arrivals, out int received, out long at)
    {
        while (true)
        {
            if (arrivals is null)
            {
                received = (int)Libc.Receive(Descriptor, buffer, size, 0);
                at = MonotonicClock.Now;
            }
            else
            {
                received = (int)arrivals.Receive(Descriptor, buffer, size, out at);
            }

            if (received > 0)
            {
                return ReceiveResult.Bytes;
            }

            switch (received == 0 ? 0 : Marshal.GetLastSystemError())
            {
                case Libc.Interrupted:
                    continue;
                case Libc.Again:
                    return ReceiveResult.Empty;
                case 0:
                    return ReceiveResult.Ended;
                default:
                    return ReceiveResult.Broken;
            }
        }
    }
}

internal enum ReceiveResult
{
    Bytes,
    Empty,

    /// <summary>The other side has closed in good order.</summary>
    Ended,
    Broken,
}
