namespace Tuner.Core.Measurements;

/// <summary>The names of what can go wrong with a request, as they stand in <see cref="SecondMeasurement.Errors"/>.</summary>
public static class ErrorKinds
{
    /// <summary>No complete answer within the time that a request may take.</summary>
    public const string Timeout = "timeout";

    /// <summary>No connection: refused, unreachable, no port or descriptor left.</summary>
    public const string Connect = "connect";

    /// <summary>The server closed or reset the connection before the answer was complete.</summary>
    public const string Closed = "closed";

    /// <summary>The answer was not HTTP.</summary>
    public const string Protocol = "protocol";

    /// <summary>The load ended before the answer came.</summary>
    public const string Unanswered = "unanswered";

    /// <summary>The request could not be sent in its time because the generator had no connection for it.</summary>
    public const string NotSent = "not sent";

    private static readonly string[] Statuses = [.. Enumerable.Range(0, 1000).Select(status => $"status {status}")];

    /// <summary>An answer with a status that was not expected: <c>status 503</c>.</summary>
    public static string Status(int status) => status is >= 0 and < 1000 ? Statuses[status] : $"status {status}";

    /// <summary>A gRPC call that ended with another status than OK: <c>grpc 14</c>.</summary>
    public static string Grpc(int status) => $"grpc {status}";
}
