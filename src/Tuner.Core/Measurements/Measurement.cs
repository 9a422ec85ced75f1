using System.Collections.Immutable;

namespace Tuner.Core.Measurements;

/// <summary>The numbers of one trial: what was offered, what came back, per phase and second, and how far to trust it.</summary>
public sealed record Measurement
{
    /// <summary>The name of the series that every request belongs to: response time from the intended send time.</summary>
    public const string LatencySeries = "latency";

    /// <summary>Streamed answers: from the intended send time to the first event.</summary>
    public const string FirstEventSeries = "firstEvent";

    /// <summary>Streamed answers: from one event to the next.</summary>
    public const string BetweenEventsSeries = "betweenEvents";

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The engine that sent the load, <c>native</c> or <c>portable</c>.</summary>
    public required string Engine { get; init; }

    /// <summary>True for an open model (latency counts from the intended send time); false for a closed one.</summary>
    public required bool OpenModel { get; init; }

    /// <summary>Warm-up that was sent before and is not part of the phases.</summary>
    public required TimeSpan Warmup { get; init; }

    /// <summary>From the first request due to the last answer, without the warm-up.</summary>
    public TimeSpan Elapsed { get; init; }

    public required ImmutableArray<PhaseMeasurement> Phases { get; init; }

    public required GeneratorHealth Generator { get; init; }

    /// <summary>Why the numbers cannot be trusted; empty for a valid measurement.</summary>
    public ImmutableArray<string> InvalidReasons { get; init; } = [];

    /// <summary>Facts that a reader of the numbers should know, such as a Debug build or an unprotected generator.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>What the candidate used while it was measured, where that is known.</summary>
    public ResourceUse? Candidate { get; init; }

    /// <summary>What the target reported of itself at the end, by name; null where nothing was asked for.</summary>
    public ImmutableSortedDictionary<string, double>? Reported { get; init; }

    /// <summary>How noisy the machine itself was, where that is known.</summary>
    public MachineNoise? Machine { get; init; }

    /// <summary>Set when the load was ended before its time, with the reason.</summary>
    public string? EndedEarly { get; init; }

    /// <summary>What each replica got, where the load went to several; null otherwise.</summary>
    public ImmutableArray<ReplicaRequests>? Replicas { get; init; }

    public bool IsValid => InvalidReasons.IsDefaultOrEmpty;

    /// <summary>The kind of error that requests failed with most often; null where none failed.</summary>
    public string? MostFrequentError() => Phases
        .SelectMany(phase => phase.Seconds)
        .SelectMany(second => second.Errors)
        .GroupBy(error => error.Key, error => error.Value, StringComparer.Ordinal)
        .OrderByDescending(group => group.Sum())
        .ThenBy(group => group.Key, StringComparer.Ordinal)
        .FirstOrDefault()?.Key;

    /// <summary>Packs every histogram: for a measurement that is finished and kept (<see cref="LatencyHistogram.Pack"/>).</summary>
    public void Pack()
    {
        Generator.ScheduleLag.Pack();
        foreach (var histogram in Phases.SelectMany(phase => phase.Seconds).SelectMany(second => second.Series.Values))
        {
            histogram.Pack();
        }
    }

    public PhaseMeasurement? Phase(string name) => Phases.FirstOrDefault(phase => string.Equals(phase.Name, name, StringComparison.Ordinal));
}

/// <summary>One phase of the load, second by second. Seconds are those of the *intended* send time, counted from the phase's start.</summary>
public sealed record PhaseMeasurement
{
    public required string Name { get; init; }

    /// <summary>How long requests were due; what came back later still belongs to the second it was due in.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The rate that was asked for, per second; null in the closed model.</summary>
    public double? OfferedRate { get; init; }

    /// <summary>The users of a closed model; null in the open one.</summary>
    public int? Users { get; init; }

    /// <summary>Requests per second that left the generator before the phase was over; well under the offered rate, the generator was the limit.</summary>
    public double? AchievedRate { get; init; }

    public required ImmutableArray<SecondMeasurement> Seconds { get; init; }

    public long Scheduled => Seconds.Sum(second => second.Scheduled);

    public long Succeeded => Seconds.Sum(second => second.Succeeded);

    public long Failed => Seconds.Sum(second => second.Failed);

    /// <summary>Successful responses per second of the phase.</summary>
    public double Throughput => Duration > TimeSpan.Zero ? Succeeded / Duration.TotalSeconds : 0;

    /// <summary>Failed requests among those scheduled, 0 to 1.</summary>
    public double ErrorRate => Scheduled == 0 ? 0 : (double)Failed / Scheduled;

    /// <summary>All seconds of one named series in one histogram; empty when the series does not exist.</summary>
    public LatencyHistogram Series(string name)
    {
        var merged = new LatencyHistogram();
        foreach (var second in Seconds)
        {
            if (second.Series.TryGetValue(name, out var histogram))
            {
                merged.Add(histogram);
            }
        }

        return merged;
    }
}

/// <summary>
/// The requests that were due in one second. Scheduled = Succeeded + Failed + Pending: a request that never got an
/// answer is a failure of the kind that says why. A request that timed out, or was without an answer when the load
/// ended, stands in the latency series too, with the time it was waited for, since it was at least that slow; other
/// failures are in no latency series, the error rate judges them.
/// </summary>
public sealed record SecondMeasurement
{
    public required int Index { get; init; }

    public required long Scheduled { get; init; }

    public required long Succeeded { get; init; }

    /// <summary>Requests still without an answer, while the load is running; zero in a finished measurement.</summary>
    public long Pending { get; init; }

    /// <summary>Failures by kind (<see cref="ErrorKinds"/>): <c>timeout</c>, <c>connect</c>, <c>status 503</c>, <c>protocol</c>, …</summary>
    public ImmutableDictionary<string, long> Errors { get; init; } = ImmutableDictionary<string, long>.Empty;

    /// <summary>Latencies by series name, of the successful requests and of those that timed out.</summary>
    public ImmutableDictionary<string, LatencyHistogram> Series { get; init; } = ImmutableDictionary<string, LatencyHistogram>.Empty;

    public long Failed => Errors.Values.Sum();
}
