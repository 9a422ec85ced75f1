using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Tuner.Core.Expressions;
using Tuner.Core.Measurements;
using Tuner.Core.Space;

namespace Tuner.Core.Loads;

/// <summary>How the next request is timed. An open model sends on schedule whatever the server does; a closed one waits for answers.</summary>
public enum Arrival
{
    Poisson,
    Constant,
    Closed,
}

/// <summary>The traffic to send: what, how timed, and for how long.</summary>
public sealed record LoadProfile
{
    public required RequestTemplate Request { get; init; }

    public required Arrival Arrival { get; init; }

    public required ImmutableArray<Phase> Phases { get; init; }

    /// <summary>Other requests for some of the candidates, such as those that speak another protocol. Does not travel: <see cref="For"/> decides before.</summary>
    [JsonIgnore]
    public ImmutableArray<RequestVariant> Variants { get; init; } = [];

    public ConnectionPolicy Connections { get; init; } = new();

    /// <summary>How long one request may take, from its intended send time.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The load of one candidate: with the request of the first variant whose condition holds for its values.</summary>
    public LoadProfile For(Func<string, ParameterValue?> values) =>
        this with { Request = Variants.FirstOrDefault(variant => variant.When.Holds(values))?.Request ?? Request, Variants = [] };

    /// <summary>Every request that some candidate is sent.</summary>
    [JsonIgnore]
    public IEnumerable<RequestTemplate> Requests => Variants.Select(variant => variant.Request).Prepend(Request);

    /// <summary>The latency series that every candidate's measurement has.</summary>
    [JsonIgnore]
    public ImmutableArray<string> Series => Requests.All(request => request.Streams)
        ? [Measurement.LatencySeries, Measurement.FirstEventSeries, Measurement.BetweenEventsSeries]
        : [Measurement.LatencySeries];

    [JsonIgnore]
    public bool IsOpenModel => Arrival is not Arrival.Closed;

    /// <summary>Requests due per second on average over all phases; null in the closed model.</summary>
    [JsonIgnore]
    public double? MeanRate => PlannedRequests / Math.Max(1e-9, Duration.TotalSeconds);

    /// <summary>Requests due over all phases; null in the closed model.</summary>
    [JsonIgnore]
    public double? PlannedRequests => Phases.Aggregate((double?)0, (sum, phase) => sum + phase.PlannedRequests);

    [JsonIgnore]
    public TimeSpan Duration => Phases.Aggregate(TimeSpan.Zero, (sum, phase) => sum + phase.Duration);
}

/// <summary>Which connections the generator may hold. Reaching <see cref="Max"/> in the open model makes the measurement invalid, not slow.</summary>
public sealed record ConnectionPolicy
{
    public bool Reuse { get; init; } = true;

    public int Max { get; init; } = 1024;
}

/// <summary>Another request for the candidates whose values satisfy a condition; the timing is that of the whole load.</summary>
public sealed record RequestVariant(Expression When, RequestTemplate Request);
