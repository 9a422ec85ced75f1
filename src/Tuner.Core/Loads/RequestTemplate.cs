using System.Collections.Immutable;

namespace Tuner.Core.Loads;

/// <summary>The request that the load repeats. Bodies are drawn by weight.</summary>
public sealed record RequestTemplate
{
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
