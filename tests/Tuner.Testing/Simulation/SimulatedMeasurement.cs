using System.Collections.Immutable;
using Tuner.Core.Measurements;

namespace Tuner.Testing.Simulation;

/// <summary>Puts simulated seconds into the form that the load generator reports.</summary>
public static class SimulatedMeasurement
{
    public static SecondMeasurement Second(int index, long scheduled, long succeeded, LatencyHistogram latency, string errorKind = "status 503") => new()
    {
        Index = index,
        Scheduled = scheduled,
        Succeeded = succeeded,
        Errors = scheduled == succeeded ? ImmutableDictionary<string, long>.Empty : ImmutableDictionary<string, long>.Empty.Add(errorKind, scheduled - succeeded),
        Series = ImmutableDictionary<string, LatencyHistogram>.Empty.Add(Measurement.LatencySeries, latency),
    };

    /// <summary>A valid open-model measurement with one phase.</summary>
    public static Measurement Of(string phase, double rate, ImmutableArray<SecondMeasurement> seconds) =>
        Of([new PhaseMeasurement { Name = phase, Duration = TimeSpan.FromSeconds(seconds.Length), OfferedRate = rate, Seconds = seconds }], DateTimeOffset.UnixEpoch);

    public static Measurement Of(ImmutableArray<PhaseMeasurement> phases, DateTimeOffset startedAt) => new()
    {
        StartedAt = startedAt,
        Engine = "simulated",
        OpenModel = true,
        Warmup = TimeSpan.Zero,
        Phases = phases,
        Generator = new GeneratorHealth { ScheduleLag = new LatencyHistogram(), CpuCores = 0, PeakConnections = 1, InFlightAtEnd = 0 },
    };
}
