namespace Tuner.Load.Native;

/// <summary>The connections of one thread: which are open, which are idle (the one used last is taken first), by endpoint.</summary>
internal sealed class ConnectionPool(int endpoints)
{
    private readonly List<EpollConnection> all = [];
    private readonly Stack<EpollConnection> closed = new();
    private readonly List<EpollConnection>[] idle = [.. Enumerable.Range(0, endpoints).Select(_ => new List<EpollConnection>())];

    public int Open { get; private set; }

    public EpollConnection? Find(int index, int generation) =>
        all[index] is { IsOpen: true } connection && connection.Generation == generation ? connection : null;

    public EpollConnection Add(int descriptor, int endpoint)
    {
        if (!closed.TryPop(out var connection))
        {
            connection = new EpollConnection(all.Count);
            all.Add(connection);
        }

        connection.Open(descriptor, endpoint);
        Open++;
        return connection;
    }

    public EpollConnection? TakeIdle(int endpoint)
    {
        var list = idle[endpoint];
        if (list.Count == 0)
        {
            return null;
        }

        var connection = list[^1];
        RemoveIdle(connection);
        return connection;
    }

    /// <summary>An idle connection of whichever endpoint has the most, to make room for another endpoint.</summary>
    public EpollConnection? AnyIdle()
    {
        var longest = idle[0];
        foreach (var list in idle)
        {
            longest = list.Count > longest.Count ? list : longest;
        }

        return longest.Count == 0 ? null : longest[0];
    }

    public void AddIdle(EpollConnection connection)
    {
        connection.IdleAt = idle[connection.Endpoint].Count;
        idle[connection.Endpoint].Add(connection);
    }

    public void Remove(EpollConnection connection)
    {
        RemoveIdle(connection);
        connection.MarkClosed();
        closed.Push(connection);
        Open--;
    }

    public IEnumerable<EpollConnection> AllOpen() => all.Where(connection => connection.IsOpen);

    private void RemoveIdle(EpollConnection connection)
    {
        if (connection.IdleAt < 0)
        {
            return;
        }

        var list = idle[connection.Endpoint];
        var last = list[^1];
        list[connection.IdleAt] = last;
        last.IdleAt = connection.IdleAt;
        list.RemoveAt(list.Count - 1);
        connection.IdleAt = -1;
    }
}
