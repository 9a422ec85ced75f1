using System.Runtime.CompilerServices;
using Tuner.Load.Looping;

namespace Tuner.Load.Native;

/// <summary>Which slot's request is on which connection, and what became of it; gives the connection back, or closes it.</summary>
/// <param name="slots">Requests that may be under way at a time.</param>
/// <param name="reuse">Connections are kept for the next request.</param>
internal sealed class Exchanges(ConnectionPool pool, int slots, bool reuse)
{
    private readonly EpollConnection?[] bySlot = new EpollConnection?[slots];
    private readonly Queue<Completion> happened = new();

    /// <summary>Things that happened and were not fetched yet.</summary>
    public int Waiting => happened.Count;

    public bool TryFetch(out Completion completion) => happened.TryDequeue(out completion);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Begin(EpollConnection connection, int slot, long ticket)
    {
        connection.Slot = slot;
        connection.Ticket = ticket;
        connection.Events = default;
        bySlot[slot] = connection;
    }

    public void Abandon(int slot, long ticket)
    {
        if (bySlot[slot] is { } connection && connection.Slot == slot && connection.Ticket == ticket)
        {
            Close(connection);
        }

        bySlot[slot] = null;
    }

    public void NoteEvents(EpollConnection connection, ReadOnlySpan<byte> body, long at)
    {
        for (var count = connection.Events.Scan(body); count > 0; count--)
        {
            happened.Enqueue(new Completion(connection.Slot, connection.Ticket, CompletionKind.Event, at));
        }
    }

    /// <param name="trusted">Nothing is left on the connection, on either side.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Complete(EpollConnection connection, bool trusted, long at)
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

    /// <param name="unread">The server closed a kept connection before it read the request.</param>
    public void Fail(EpollConnection connection, WireError error, bool unread, long at)
    {
        happened.Enqueue(new Completion(connection.Slot, connection.Ticket, CompletionKind.Failed, at, Error: error, Unread: unread));
        bySlot[connection.Slot] = null;
        Close(connection);
    }

    public void FailToConnect(int slot, long ticket, int error, long at)
    {
        happened.Enqueue(new Completion(slot, ticket, CompletionKind.Failed, at, Error: WireError.Connect, Limit: Dialer.LimitOf(error)));
        bySlot[slot] = null;
    }

    public void Close(EpollConnection connection)
    {
        Libc.Close(connection.Descriptor);
        pool.Remove(connection);
    }
}
