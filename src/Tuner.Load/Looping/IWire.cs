using Tuner.Core.Measurements;

namespace Tuner.Load.Looping;

/// <summary>
/// What a load loop sends through: sockets, an HTTP library, or a simulated server in virtual time. Used by one thread.
/// </summary>
internal interface IWire : IDisposable
{
    /// <summary>Nanoseconds on the wire's clock, from an arbitrary origin.</summary>
    long Now { get; }

    int OpenConnections { get; }

    /// <summary>Time in which the thread had nothing to do, in nanoseconds; null where the wire cannot tell.</summary>
    long? IdleNanoseconds { get; }

    /// <summary>
    /// Sends a request on an idle connection, or on a new one where none is idle. What goes wrong is a completion, not an
    /// exception. Fresh asks for a new connection in any case. A slot has one request at a time; the ticket tells it from the slot's earlier ones.
    /// </summary>
    void Send(int slot, long ticket, int endpoint, int body, bool fresh = false);

    /// <summary>Gives up a request that was sent: its connection is closed.</summary>
    void Abandon(int slot, long ticket);

    /// <summary>The next thing that happened; false when nothing did until the given time.</summary>
    /// <param name="spin">How long before that time the thread shall look without sleeping, in nanoseconds, as far as the wire can.</param>
    bool Next(long until, long spin, out Completion completion);
}

internal enum CompletionKind
{
    /// <summary>A complete answer with a status.</summary>
    Response,

    /// <summary>No answer; the kind of error says why.</summary>
    Failed,

    /// <summary>One event of an answer that is a stream; the answer goes on.</summary>
    Event,
}

/// <summary>Why there is no answer.</summary>
internal enum WireError
{
    None,
    Connect,
    Closed,
    Protocol,

    /// <summary>A gRPC status other than OK, which stands in the completion's status.</summary>
    Grpc,
}

/// <summary>What happened to a request, and when on the wire's clock. Holds no reference, so that the garbage collector need not know of it.</summary>
internal readonly record struct Completion(
    int Slot, long Ticket, CompletionKind Kind, long At, int Status = 0, WireError Error = WireError.None, bool Unread = false, WireLimit Limit = WireLimit.None)
{
    public string ErrorKind => Error switch
    {
        WireError.Connect => ErrorKinds.Connect,
        WireError.Protocol => ErrorKinds.Protocol,
        WireError.Grpc => ErrorKinds.Grpc(Status),
        _ => ErrorKinds.Closed,
    };
}

/// <summary>A limit of the machine under the generator that a failed send ran into.</summary>
internal enum WireLimit
{
    None,
    Descriptors,
    Ports,
}
