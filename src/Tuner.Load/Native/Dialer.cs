using System.Runtime.InteropServices;
using Tuner.Load.Looping;

namespace Tuner.Load.Native;

/// <summary>Begins TCP connections to the endpoints, whose addresses are as the C library wants them.</summary>
/// <param name="stamped">The kernel notes when what they receive arrives.</param>
internal sealed unsafe class Dialer(byte[][] addresses, bool stamped)
{
    private readonly bool[] loopback = [.. addresses.Select(address => BitConverter.ToUInt16(address) == Libc.Inet && address[4] == 127)];

    /// <summary>A socket that is connecting, or connected; -1 where there is none.</summary>
    /// <param name="error">0 when connected, <see cref="Libc.InProgress"/> while connecting, else what went wrong.</param>
    public int Dial(int endpoint, out int error)
    {
        var address = addresses[endpoint];
        var socket = Libc.Socket(BitConverter.ToUInt16(address), Libc.Stream | Libc.NonBlocking | Libc.CloseOnExec, 0);
        if (socket < 0)
        {
            error = Marshal.GetLastPInvokeError();
            return socket;
        }

        var yes = 1;
        Libc.SetSocketOption(socket, Libc.Tcp, Libc.TcpNoDelay, &yes, sizeof(int));
        if (stamped)
        {
            ArrivalClock.Stamp(socket);
        }

        if (loopback[endpoint])
        {
            // On one machine nothing is congested, while a pacing algorithm (BBR) sets a timer for each segment.
            fixed (byte* reno = "reno"u8)
            {
                Libc.SetSocketOption(socket, Libc.Tcp, Libc.TcpCongestion, reno, 4);
            }
        }

        int result;
        fixed (byte* start = address)
        {
            result = Libc.Connect(socket, start, (uint)address.Length);
        }

        error = result == 0 ? 0 : Marshal.GetLastPInvokeError();
        return socket;
    }

    /// <summary>The error that a socket's connecting ended with; 0 when it is connected.</summary>
    public static int ErrorOf(int socket)
    {
        var error = 0;
        var length = (uint)sizeof(int);
        Libc.GetSocketOption(socket, Libc.SolSocket, Libc.SoError, &error, &length);
        return error;
    }

    /// <summary>The limit of this machine that an error is a sign of.</summary>
    public static WireLimit LimitOf(int error) => error switch
    {
        Libc.TooManyOpen or Libc.TooManyOpenSystem => WireLimit.Descriptors,
        Libc.AddressNotAvailable => WireLimit.Ports,
        _ => WireLimit.None,
    };
}
