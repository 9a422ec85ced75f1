using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Tuner.Core.Loads;

/// <summary>How the next request is timed. An open model sends on schedule whatever the server does; a closed one waits for answers.</summary>
public enum Arrival
{
    Poisson,
    Constant,
    Closed,
}

/// <summary>The protocol that is spoken with the target.</summary>
public enum HttpProtocol
{
    Http11,

    /// <summary>HTTP/2, over plain http with prior knowledge.</summary>
    Http2,

    /// <summary>Unary gRPC calls over HTTP/2: the path is the method, the bodies are raw protobuf messages.</summary>
    Grpc,
}

/// <summary>The traffic to send: what, how timed, and for how long.</summary>
public sealed record LoadProfile
{
    public required RequestTemplate Request { get; init; }

    public required Arrival Arrival { get; init; }

    public required ImmutableArray<Phase> Phases { get; init; }

    public HttpProtocol Protocol { get; init; } = HttpProtocol.Http11;

    /// <summary>
    /// Answers are streams of events (server-sent events): the times to the first and between events become series of
    /// their own, and the latency is that of the whole answer.
    /// </summary>
    public bool Streams { get; init; }

    public ConnectionPolicy Connections { get; init; } = new();

    /// <summary>How long one request may take, from its intended send time.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    public bool IsOpenModel => Arrival is not Arrival.Closed;

    public TimeSpan Duration => Phases.Aggregate(TimeSpan.Zero, (sum, phase) => sum + phase.Duration);
}

/// <summary>A stretch of the load with one intensity: a rate (open model) or a number of users (closed model).</summary>
[JsonDerivedType(typeof(RatePhase), "rate")]
[JsonDerivedType(typeof(RampPhase), "ramp")]
[JsonDerivedType(typeof(CurvePhase), "curve")]
[JsonDerivedType(typeof(RecordedPhase), "recorded")]
[JsonDerivedType(typeof(UsersPhase), "users")]
public abstract record Phase(string Name, TimeSpan Duration);

/// <summary>Open model: so many requests are due per second.</summary>
public sealed record RatePhase(string Name, TimeSpan Duration, double RatePerSecond) : Phase(Name, Duration);

/// <summary>Open model: the rate changes evenly from one value to another.</summary>
public sealed record RampPhase(string Name, TimeSpan Duration, double FromRatePerSecond, double ToRatePerSecond) : Phase(Name, Duration);

/// <summary>Open model: the rate follows straight lines between points; before the first and after the last it stays level.</summary>
public sealed record CurvePhase(string Name, TimeSpan Duration, ImmutableArray<RatePoint> Points) : Phase(Name, Duration);

/// <summary>The rate at a time counted from the start of its phase.</summary>
public readonly record struct RatePoint(TimeSpan At, double RatePerSecond);

/// <summary>Open model: requests are due at recorded times, counted from the start of the phase, in ascending order.</summary>
public sealed record RecordedPhase(string Name, TimeSpan Duration, ImmutableArray<TimeSpan> Arrivals) : Phase(Name, Duration);

/// <summary>Closed model: so many users, each sending its next request when the last one was answered.</summary>
public sealed record UsersPhase(string Name, TimeSpan Duration, int Users) : Phase(Name, Duration);

/// <summary>Which connections the generator may hold. Reaching <see cref="Max"/> in the open model makes the measurement invalid, not slow.</summary>
public sealed record ConnectionPolicy
{
    public bool Reuse { get; init; } = true;

    public int Max { get; init; } = 1024;
}
