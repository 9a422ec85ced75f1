using System.Collections.Immutable;

namespace Tuner.Core.Loads;

/// <summary>The protocol that is spoken with the target.</summary>
public enum HttpProtocol
{
    Http11,

    /// <summary>HTTP/2, over plain http with prior knowledge.</summary>
    Http2,

    /// <summary>Unary gRPC calls over HTTP/2: the path is the method, the bodies are raw protobuf messages.</summary>
    Grpc,
}

/// <summary>The request that the load repeats. Bodies are drawn by weight.</summary>
public sealed record RequestTemplate
{
    public HttpProtocol Protocol { get; init; } = HttpProtocol.Http11;

    /// <summary>
    /// Answers are streams of events (server-sent events): the times to the first and between events become series of
    /// their own, and the latency is that of the whole answer.
    /// </summary>
    public bool Streams { get; init; }

    public string Method { get; init; } = "GET";

    /// <summary>Path and query, beginning with a slash; the host comes from the endpoint under load.</summary>
    public string Path { get; init; } = "/";

    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];

    public ImmutableArray<WeightedBody> Bodies { get; init; } = [];

    /// <summary>Status codes that count as success; empty means 200 to 299.</summary>
    public ImmutableArray<int> ExpectedStatus { get; init; } = [];

    public bool IsExpected(int status) => ExpectedStatus.IsDefaultOrEmpty ? status is >= 200 and <= 299 : ExpectedStatus.Contains(status);
}

/// <summary>One request body and how often it is sent relative to the others.</summary>
public sealed record WeightedBody(string Name, ReadOnlyMemory<byte> Content, double Weight);
