using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tuner.Core.Loads;
using Tuner.Load.Looping;

namespace Tuner.Load.Native;

/// <summary>
/// HTTP/1.1 over plain sockets and epoll on one thread: edge-triggered, one system call to send and one to receive,
/// nothing allocated per request.
/// </summary>
/// <remarks>
/// It may collect: sleep from one send to the next where that is a tick or less, and read then what came meanwhile, as old
/// as the kernel says it is. That spares a wake-up for each answer, the dearest thing about a steady rate.
/// </remarks>
internal sealed unsafe class EpollWire : IWire
{
    private const int BufferSize = 64 * 1024;
    private const long LongestCollecting = 1_000_000;

    private readonly byte* buffer = (byte*)NativeMemory.Alloc(BufferSize);
    private readonly RequestBytes requests;
    private readonly Dialer dialer;
    private readonly ConnectionPool pool;
    private readonly Exchanges exchanges;
    private readonly Epoll epoll = new();
    private readonly ArrivalClock? arrivals;
    private readonly bool headRequests;
    private readonly bool streams;
    private readonly int maxConnections;
    private int ready;
    private int cursor;

    public EpollWire(LoadProfile profile, RequestBytes requests, byte[][] addresses, int maxConnections, bool collects = false)
    {
        this.requests = requests;
        this.maxConnections = maxConnections;
        dialer = new Dialer(addresses, stamped: collects);
        arrivals = collects ? new ArrivalClock() : null;
        streams = profile.Request.Streams;
        headRequests = profile.Request.Method is "HEAD";
        pool = new ConnectionPool(addresses.Length);
        exchanges = new Exchanges(pool, maxConnections, profile.Connections.Reuse);
    }

    public long Now => MonotonicClock.Now;

    public int OpenConnections => pool.Open;

    public long? IdleNanoseconds => epoll.IdleNanoseconds;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Send(int slot, long ticket, int endpoint, int body, bool fresh = false)
    {
        if (((fresh ? null : pool.TakeIdle(endpoint)) ?? Open(slot, ticket, endpoint)) is not { } connection)
        {
            return;
        }

        var (start, length) = requests[endpoint, body];
        connection.Unsent = start;
        connection.UnsentLength = length;
        connection.Parser.Reset(headRequests);
        exchanges.Begin(connection, slot, ticket);
        if (!connection.Connecting)
        {
            Write(connection);
        }
    }

    public void Abandon(int slot, long ticket) => exchanges.Abandon(slot, ticket);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Next(long until, long spin, out Completion completion)
    {
        while (true)
        {
            if (exchanges.TryFetch(out completion))
            {
                return true;
            }

            while (cursor < ready && exchanges.Waiting == 0)
            {
                var (flags, index, generation) = epoll[cursor++];
                if (pool.Find(index, generation) is { } connection)
                {
                    Handle(connection, flags);
                }
            }

            if (exchanges.Waiting > 0)
            {
                continue;
            }

            cursor = 0;
            ready = Wait(until, spin);
            if (ready == 0)
            {
                return false;
            }
        }
    }

    public void Dispose()
    {
        arrivals?.Dispose();
        foreach (var connection in pool.AllOpen().ToList())
        {
            exchanges.Close(connection);
        }

        epoll.Dispose();
        NativeMemory.Free(buffer);
    }

    private int Wait(long until, long spin)
    {
        if (arrivals is null || until - Now > LongestCollecting)
        {
            return epoll.Wait(until, spin);
        }

        var collected = epoll.Collect(until);
        arrivals.Align();
        return collected;
    }

    private EpollConnection? Open(int slot, long ticket, int endpoint)
    {
        if (pool.Open >= maxConnections && pool.AnyIdle() is { } spare)
        {
            exchanges.Close(spare);
        }

        var socket = dialer.Dial(endpoint, out var error);
        if (socket < 0)
        {
            exchanges.FailToConnect(slot, ticket, error, Now);
            return null;
        }

        var connection = pool.Add(socket, endpoint);
        if (error is not (0 or Libc.InProgress) || !epoll.Add(socket, connection.Index, connection.Generation))
        {
            exchanges.Close(connection);
            exchanges.FailToConnect(slot, ticket, error, Now);
            return null;
        }

        connection.Connecting = error == Libc.InProgress;
        return connection;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Handle(EpollConnection connection, uint flags)
    {
        if (connection.Connecting && !FinishConnecting(connection, flags))
        {
            return;
        }

        if ((flags & Libc.EpollOut) != 0 && connection.UnsentLength > 0 && !Write(connection))
        {
            return;
        }

        if ((flags & (Libc.EpollIn | Libc.EpollReadHangUp | Libc.EpollHangUp | Libc.EpollError)) != 0)
        {
            Read(connection, mayHaveEnded: (flags & ~(Libc.EpollIn | Libc.EpollOut)) != 0);
        }
    }

    private bool FinishConnecting(EpollConnection connection, uint flags)
    {
        if ((flags & (Libc.EpollOut | Libc.EpollHangUp | Libc.EpollError)) == 0)
        {
            return false;
        }

        var error = Dialer.ErrorOf(connection.Descriptor);
        if (error != 0)
        {
            var (slot, ticket) = (connection.Slot, connection.Ticket);
            exchanges.Close(connection);
            exchanges.FailToConnect(slot, ticket, error, Now);
            return false;
        }

        connection.Connecting = false;
        return true;
    }

    private bool Write(EpollConnection connection)
    {
        if (connection.Write())
        {
            return true;
        }

        exchanges.Fail(connection, WireError.Closed, unread: connection.Served, Now);
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Read(EpollConnection connection, bool mayHaveEnded)
    {
        while (connection.IsOpen)
        {
            var result = connection.Receive(buffer, BufferSize, arrivals, out var received, out var at);
            if (result is ReceiveResult.Bytes)
            {
                Parse(connection, new ReadOnlySpan<byte>(buffer, received), at);

                // Edge-triggered: a short read has emptied the socket, and what comes later is a new edge.
                if (received < BufferSize && !mayHaveEnded)
                {
                    return;
                }

                continue;
            }

            if (result is not ReceiveResult.Empty)
            {
                End(connection, orderly: result is ReceiveResult.Ended, at);
            }

            return;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Parse(EpollConnection connection, ReadOnlySpan<byte> data, long at)
    {
        if (connection.Slot == EpollConnection.NoSlot)
        {
            // Bytes that nobody asked for: the connection cannot be trusted with another request.
            exchanges.Close(connection);
            return;
        }

        ParseStep step;
        do
        {
            step = connection.Parser.Read(ref data, out var body);
            if (streams)
            {
                exchanges.NoteEvents(connection, body, at);
            }
        }
        while (step == ParseStep.Body);

        switch (step)
        {
            case ParseStep.Complete:
                exchanges.Complete(connection, trusted: data.IsEmpty && connection.UnsentLength == 0, at);
                break;
            case ParseStep.Invalid:
                exchanges.Fail(connection, WireError.Protocol, unread: false, Now);
                break;
        }
    }

    private void End(EpollConnection connection, bool orderly, long at)
    {
        if (connection.Slot == EpollConnection.NoSlot)
        {
            exchanges.Close(connection);
        }
        else if (orderly && connection.Parser.EndsWithConnection)
        {
            exchanges.Complete(connection, trusted: false, at);
        }
        else
        {
            exchanges.Fail(connection, WireError.Closed, unread: connection.Served && connection.Parser.IsUnread, Now);
        }
    }
}
