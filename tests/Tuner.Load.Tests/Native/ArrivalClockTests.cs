using System.Net;
using System.Net.Sockets;
using Tuner.Load.Looping;
using Tuner.Load.Native;

namespace Tuner.Load.Tests.Native;

public sealed class ArrivalClockTests
{
    private const int Tries = 50;
    private static readonly TimeSpan Unread = TimeSpan.FromMilliseconds(30);

    [Fact]
    public async Task What_is_read_late_counts_from_when_it_arrived()
    {
        var (near, far) = await PairAsync();
        using var _ = near;
        using var __ = far;
        using var clock = new ArrivalClock();
        ArrivalClock.Stamp((int)near.Handle);

        // The kernel begins to stamp a moment after the first socket has asked for it.
        var (sent, there, at) = (0L, 0L, long.MaxValue);
        for (var tries = 0; tries < Tries && at > there; tries++)
        {
            sent = MonotonicClock.Now;
            await far.SendAsync("late"u8.ToArray());
            Assert.True(near.Poll(TimeSpan.FromMinutes(1), SelectMode.SelectRead));
            there = MonotonicClock.Now;
            await Task.Delay(Unread, TimeProvider.System);
            clock.Align();
            (var received, at) = Read(clock, near);
            Assert.Equal(4, received);
        }

        Assert.InRange(at, sent, there);
    }

    [Fact]
    public async Task What_was_not_stamped_counts_from_when_it_is_read()
    {
        var (near, far) = await PairAsync();
        using var _ = near;
        using var __ = far;
        using var clock = new ArrivalClock();

        await far.SendAsync("late"u8.ToArray());
        Assert.True(near.Poll(TimeSpan.FromMinutes(1), SelectMode.SelectRead));
        var there = MonotonicClock.Now;
        var (received, at) = Read(clock, near);

        Assert.Equal(4, received);
        Assert.InRange(at, there, MonotonicClock.Now);
    }

    private static unsafe (nint Received, long At) Read(ArrivalClock clock, Socket socket)
    {
        var buffer = stackalloc byte[16];
        return (clock.Receive((int)socket.Handle, buffer, 16, out var at), at);
    }

    private static async Task<(Socket Near, Socket Far)> PairAsync()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        var near = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await near.ConnectAsync(listener.LocalEndPoint!);
        return (near, await listener.AcceptAsync());
    }
}
