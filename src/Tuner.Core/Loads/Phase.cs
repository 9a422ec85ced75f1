using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Tuner.Core.Loads;

/// <summary>A stretch of the load with an intensity of its own: a rate (open model) or a number of users (closed model).</summary>
[JsonDerivedType(typeof(RatePhase), "rate")]
[JsonDerivedType(typeof(RampPhase), "ramp")]
[JsonDerivedType(typeof(CurvePhase), "curve")]
[JsonDerivedType(typeof(RecordedPhase), "recorded")]
[JsonDerivedType(typeof(UsersPhase), "users")]
public abstract record Phase(string Name, TimeSpan Duration)
{
    /// <summary>Requests due over the whole phase, not rounded; null in the closed model, where answers decide.</summary>
    [JsonIgnore]
    public abstract double? PlannedRequests { get; }

    /// <summary>The highest rate, per second; zero in the closed model.</summary>
    [JsonIgnore]
    public abstract double PeakRate { get; }

    /// <summary>What is sent, in a few words.</summary>
    [JsonIgnore]
    public abstract string Intensity { get; }

    /// <summary>Requests due per second on average; null in the closed model.</summary>
    [JsonIgnore]
    public double? MeanRate => PlannedRequests / Math.Max(1e-9, Duration.TotalSeconds);

    private protected static string PerSecond(double rate) => rate.ToString("0.###", CultureInfo.InvariantCulture) + "/s";
}

/// <summary>Open model: so many requests are due per second.</summary>
public sealed record RatePhase(string Name, TimeSpan Duration, double RatePerSecond) : Phase(Name, Duration)
{
    [JsonIgnore]
    public override double? PlannedRequests => RatePerSecond * Duration.TotalSeconds;

    [JsonIgnore]
    public override double PeakRate => RatePerSecond;

    [JsonIgnore]
    public override string Intensity => PerSecond(RatePerSecond);
}

/// <summary>Open model: the rate changes evenly from one value to another.</summary>
public sealed record RampPhase(string Name, TimeSpan Duration, double FromRatePerSecond, double ToRatePerSecond) : Phase(Name, Duration)
{
    [JsonIgnore]
    public override double? PlannedRequests => (FromRatePerSecond + ToRatePerSecond) / 2 * Duration.TotalSeconds;

    [JsonIgnore]
    public override double PeakRate => Math.Max(FromRatePerSecond, ToRatePerSecond);

    [JsonIgnore]
    public override string Intensity => $"{PerSecond(FromRatePerSecond)} to {PerSecond(ToRatePerSecond)}";
}

/// <summary>Open model: the rate follows straight lines between points; before the first and after the last it stays level.</summary>
public sealed record CurvePhase(string Name, TimeSpan Duration, ImmutableArray<RatePoint> Points) : Phase(Name, Duration)
{
    [JsonIgnore]
    public override double? PlannedRequests => RateCurve.Of(this).Total;

    [JsonIgnore]
    public override double PeakRate => Points.Max(point => point.RatePerSecond);

    [JsonIgnore]
    public override string Intensity => $"a curve of {Points.Length} points up to {PerSecond(PeakRate)}";
}

/// <summary>The rate at a time counted from the start of its phase.</summary>
public readonly record struct RatePoint(TimeSpan At, double RatePerSecond);

/// <summary>Open model: requests are due at recorded times, counted from the start of the phase, in ascending order.</summary>
public sealed record RecordedPhase(string Name, TimeSpan Duration, ImmutableArray<TimeSpan> Arrivals) : Phase(Name, Duration)
{
    [JsonIgnore]
    public override double? PlannedRequests => Arrivals.Length;

    [JsonIgnore]
    public override double PeakRate => Arrivals.Length / Math.Max(1e-3, Duration.TotalSeconds);

    [JsonIgnore]
    public override string Intensity => $"{Arrivals.Length} recorded arrivals";
}

/// <summary>
/// Closed model: so many users, each sending its next request when the last one was answered. With a number of
/// <paramref name="Requests"/> it is a batch, over when they are answered, at the latest after its duration.
/// </summary>
public sealed record UsersPhase(string Name, TimeSpan Duration, int Users, long? Requests = null) : Phase(Name, Duration)
{
    [JsonIgnore]
    public override double? PlannedRequests => null;

    [JsonIgnore]
    public override double PeakRate => 0;

    [JsonIgnore]
    public override string Intensity => (Users == 1 ? "1 user" : $"{Users} users") + (Requests is { } batch ? $", a batch of {batch} requests" : "");
}
