using System.Collections.Immutable;
using Tuner.Core.Measurements;
using Tuner.Load.Looping;

namespace Tuner.Load.Judging;

/// <summary>Decides whether a measurement can be trusted: pure, every reason that applies, each with its cure.</summary>
internal static class SelfJudgement
{
    private const double MaxLagShare = 0.1;
    private const double MinAchieved = 0.99;
    private const double SaturatedShare = 0.95;
    private const double UnstableFactor = 2;
    private const double AlikeRates = 0.8;
    private const int StabilitySeconds = 9;

    public static ImmutableArray<string> Reasons(JudgedLoad load) =>
    [
        .. Limits(load),
        .. load.OpenModel ? Lag(load) : [],
        .. load.OpenModel ? Achieved(load) : [],
        .. Saturation(load),
        .. TooFew(load),
        .. load.Phases.Take(1).Select(Instability).OfType<string>(),
    ];

    private static IEnumerable<string> Limits(JudgedLoad load)
    {
        if (load.ConnectionsExhausted)
        {
            yield return $"the generator ran out of connections: all {load.MaxConnections} were busy when a request was due. Raise connections.max, or lower the rate";
        }

        if (load.Limit is WireLimit.Descriptors)
        {
            yield return "the generator ran out of file descriptors. Raise the limit (ulimit -n)";
        }

        if (load.Limit is WireLimit.Ports)
        {
            yield return "the generator ran out of local ports. Reuse connections, or lower the rate";
        }
    }

    private static IEnumerable<string> Lag(JudgedLoad load)
    {
        var latency = new LatencyHistogram();
        foreach (var phase in load.Phases)
        {
            latency.Add(phase.Series(Measurement.LatencySeries));
        }

        var (lag99, latency99) = (load.Generator.ScheduleLag.Quantile(0.99), latency.Quantile(0.99));
        if (latency.Count > 0 && lag99 > latency99 * MaxLagShare)
        {
            yield return $"the generator was late: its lag p99 of {Text(lag99)} is more than a tenth of the latency p99 of {Text(latency99)}. Give it a core of its own, or precise pacing";
        }
    }

    private static IEnumerable<string> Achieved(JudgedLoad load) =>
        from phase in load.Phases
        let offered = phase.Scheduled / Math.Max(1e-9, phase.Duration.TotalSeconds)
        where phase.Scheduled >= 100 && phase.AchievedRate < offered * MinAchieved && !load.ConnectionsExhausted
        select $"the generator sent {phase.AchievedRate:0.#}/s of {offered:0.#}/s in phase '{phase.Name}'. Give it more threads, or lower the rate";

    private static IEnumerable<string> Saturation(JudgedLoad load)
    {
        if (load.Generator.BusyShare > SaturatedShare)
        {
            yield return $"a generator thread was busy {load.Generator.BusyShare:P0} of the time. Give it more threads or cores, or lower the load";
        }
    }

    private static IEnumerable<string> TooFew(JudgedLoad load)
    {
        var requests = load.Phases.Sum(phase => phase.Scheduled);
        if (load.EndedEarly is null && requests < load.MinRequests)
        {
            yield return $"only {requests} requests were sent, fewer than the {load.MinRequests} asked for. Measure longer";
        }
    }

    /// <summary>
    /// Latency that falls by half from the first to the last third of the first phase, where the rate does not fall with it:
    /// the target was still warming up. Latency that rises is the target's own doing (a queue that grows) and is left to
    /// the SLOs; one that falls in a later phase is a queue of the phase before.
    /// </summary>
    private static string? Instability(PhaseMeasurement phase)
    {
        var third = phase.Seconds.Length / 3;
        if (phase.Seconds.Length < StabilitySeconds || Rate(phase.Seconds.TakeLast(third)) < AlikeRates * Rate(phase.Seconds.Take(third)))
        {
            return null;
        }

        var first = Median(phase.Seconds.Take(third));
        var last = Median(phase.Seconds.TakeLast(third));
        return first > last * UnstableFactor && last > 0
            ? $"phase '{phase.Name}' was not stable: the median fell from {Text(TimeSpan.FromMicroseconds(first / 1e3))} to {Text(TimeSpan.FromMicroseconds(last / 1e3))}. Warm up longer"
            : null;
    }

    private static double Rate(IEnumerable<SecondMeasurement> seconds) => seconds.Average(second => second.Scheduled);

    private static double Median(IEnumerable<SecondMeasurement> seconds)
    {
        var merged = new LatencyHistogram();
        foreach (var second in seconds)
        {
            if (second.Series.TryGetValue(Measurement.LatencySeries, out var histogram))
            {
                merged.Add(histogram);
            }
        }

        return merged.QuantileNanoseconds(0.5);
    }

    private static string Text(TimeSpan time) => time.TotalMilliseconds >= 1 ? $"{time.TotalMilliseconds:0.##} ms" : $"{time.TotalMicroseconds:0} µs";
}

/// <summary>What there is to judge.</summary>
internal sealed record JudgedLoad
{
    public required ImmutableArray<PhaseMeasurement> Phases { get; init; }

    public required GeneratorHealth Generator { get; init; }

    public required bool OpenModel { get; init; }

    public bool ConnectionsExhausted { get; init; }

    public int MaxConnections { get; init; }

    public WireLimit Limit { get; init; }

    public long MinRequests { get; init; }

    public string? EndedEarly { get; init; }
}
