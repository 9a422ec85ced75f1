using Tuner.Load.Looping;

namespace Tuner.Load.Tests.Looping;

/// <summary>A target in virtual time: an answer comes when the given function says so, and waiting costs nothing.</summary>
internal sealed class SimulatedWire(Func<long, Completion, Completion?> answer) : IWire
{
    private readonly PriorityQueue<Completion, long> coming = new();

    public long Now { get; private set; }

    public int OpenConnections { get; private set; }

    public long? IdleNanoseconds => 0;

    public List<(long At, int Endpoint, int Body)> Sent { get; } = [];

    /// <summary>The longest that the thread was asked to spin before a time.</summary>
    public long LongestSpin { get; private set; }

    public List<int> Abandoned { get; } = [];

    public void Send(int slot, long ticket, int endpoint, int body, bool fresh = false)
    {
        Sent.Add((Now, endpoint, body));
        OpenConnections++;
        if (answer(Now, new Completion(slot, ticket, CompletionKind.Response, Now, 200)) is { } completion)
        {
            coming.Enqueue(completion, completion.At);
        }
    }

    public void Abandon(int slot, long ticket) => Abandoned.Add(slot);

    public bool Next(long until, long spin, out Completion completion)
    {
        LongestSpin = Math.Max(LongestSpin, spin);
        if (coming.TryPeek(out completion, out var at) && at <= until)
        {
            coming.Dequeue();
            Now = Math.Max(Now, at);
            OpenConnections--;
            return true;
        }

        Now = Math.Max(Now, until);
        return false;
    }

    public void Dispose()
    {
        // Nothing is held.
    }
}
