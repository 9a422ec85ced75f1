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
    private readonly EpollConnection?[] bySlot;
    private readonly Queue<Completion> happened = new();
    private readonly Epoll epoll = new();
    private readonly ArrivalClock? arrivals;
    private readonly bool reuse;
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
        reuse = profile.Connections.Reuse;
        streams = profile.Request.Streams;
        headRequests = profile.Request.Method is "HEAD";
        pool = new ConnectionPool(addresses.Length);
        bySlot = new EpollConnection?[maxConnections];
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
        connection.Slot = slot;
        connection.Ticket = ticket;
        connection.Unsent = start;
        connection.UnsentLength = length;
        connection.Parser.Reset(headRequests);
        connection.Events = default;
        bySlot[slot] = connection;
        if (!connection.Connecting)
        {
            Write(connection);
        }
    }

    public void Abandon(int slot, long ticket)
    {
        if (bySlot[slot] is { } connection && connection.Slot == slot && connection.Ticket == ticket)
        {
            Close(connection);
        }

        bySlot[slot] = null;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Next(long until, long spin, out Completion completion)
    {
        while (true)
        {
            if (happened.TryDequeue(out completion))
            {
                return true;
            }

            while (cursor < ready && happened.Count == 0)
            {
                var (flags, index, generation) = epoll[cursor++];
                if (pool.Find(index, generation) is { } connection)
                {
                    Handle(connection, flags);
                }
            }

            if (happened.Count > 0)
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
            Close(connection);
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
            Close(spare);
        }

        var socket = dialer.Dial(endpoint, out var error);
        if (socket < 0)
        {
            FailToConnect(slot, ticket, error);
            return null;
        }

        var connection = pool.Add(socket, endpoint);
        if (error is not (0 or Libc.InProgress) || !epoll.Add(socket, connection.Index, connection.Generation))
        {
            Close(connection);
            FailToConnect(slot, ticket, error);
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
            Close(connection);
            FailToConnect(slot, ticket, error);
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

        Fail(connection, WireError.Closed, unread: connection.Served);
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
            Close(connection);
            return;
        }

        ParseStep step;
        do
        {
            step = connection.Parser.Read(ref data, out var body);
            if (streams)
            {
                NoteEvents(connection, body, at);
            }
        }
        while (step == ParseStep.Body);

        switch (step)
        {
            case ParseStep.Complete:
                Complete(connection, trusted: data.IsEmpty && connection.UnsentLength == 0, at);
                break;
            case ParseStep.Invalid:
                Fail(connection, WireError.Protocol, unread: false);
                break;
        }
    }

    private void NoteEvents(EpollConnection connection, ReadOnlySpan<byte> body, long at)
    {
        for (var count = connection.Events.Scan(body); count > 0; count--)
        {
            happened.Enqueue(new Completion(connection.Slot, connection.Ticket, CompletionKind.Event, at));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Complete(EpollConnection connection, bool trusted, long at)
    {
        happened.Enqueue(new Completion(connection.Slot, connection.Ticket, CompletionKind.Response, at, connection.Parser.Status));
        bySlot[connection.Slot] = null;
        connection.Slot = EpollConnection.NoSlot;
        connection.Served = true;
        if (trusted && reuse && !connection.Parser.Closes)
        {
            pool.AddIdle(connection);
        }
        else
        {
            Close(connection);
        }
    }

    private void End(EpollConnection connection, bool orderly, long at)
    {
        if (connection.Slot == EpollConnection.NoSlot)
        {
            Close(connection);
        }
        else if (orderly && connection.Parser.EndsWithConnection)
        {
            Complete(connection, trusted: false, at);
        }
        else
        {
            Fail(connection, WireError.Closed, unread: connection.Served && connection.Parser.IsUnread);
        }
    }

    private void Fail(EpollConnection connection, WireError error, bool unread)
    {
        happened.Enqueue(new Completion(connection.Slot, connection.Ticket, CompletionKind.Failed, Now, Error: error, Unread: unread));
        bySlot[connection.Slot] = null;
        Close(connection);
    }

    private void FailToConnect(int slot, long ticket, int error)
    {
        happened.Enqueue(new Completion(slot, ticket, CompletionKind.Failed, Now, Error: WireError.Connect, Limit: Dialer.LimitOf(error)));
        bySlot[slot] = null;
    }

    private void Close(EpollConnection connection)
    {
        Libc.Close(connection.Descriptor);
        pool.Remove(connection);
    }
}
