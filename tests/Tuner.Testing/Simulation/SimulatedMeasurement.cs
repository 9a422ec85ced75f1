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

    /// <summary>
    /// What a generator knows after so many seconds of load: the phases that have begun, and of each second the answers
    /// that have arrived by then; the others are still due.
    /// </summary>
    public static ImmutableArray<PhaseMeasurement> SoFar(Measurement whole, int seconds) => Cut(whole, seconds, PendingAt);

    /// <summary>The measurement of a load that was ended after so many seconds, when all answers had come.</summary>
    public static Measurement EndedAfter(Measurement whole, int seconds, string reason) =>
        whole with { Phases = Cut(whole, seconds, static (second, _) => second), EndedEarly = reason };

    private static ImmutableArray<PhaseMeasurement> Cut(Measurement whole, int seconds, Func<SecondMeasurement, int, SecondMeasurement> seen)
    {
        var phases = ImmutableArray.CreateBuilder<PhaseMeasurement>();
        var left = seconds;
        foreach (var phase in whole.Phases)
        {
            var length = Math.Min(left, phase.Seconds.Length);
            if (length > 0)
            {
                var elapsed = left;
                phases.Add(phase with { Duration = TimeSpan.FromSeconds(length), Seconds = [.. phase.Seconds.Take(length).Select((second, index) => seen(second, elapsed - index - 1))] });
            }

            left -= length;
        }

        return phases.ToImmutable();
    }

    private static SecondMeasurement PendingAt(SecondMeasurement second, int age)
    {
        var latency = second.Series[Measurement.LatencySeries];
        if (latency.Max <= TimeSpan.FromSeconds(age + 0.5))
        {
            return second;
        }

        var arrived = new LatencyHistogram();
        long pending = 0;
        foreach (var (bucket, count) in latency.Buckets())
        {
            var nanoseconds = (long)LatencyHistogram.MidpointOf(bucket);
            for (var request = 0; request < count; request++)
            {
                if (nanoseconds <= (age + 0.5) * 1e9)
                {
                    arrived.RecordNanoseconds(nanoseconds);
                }
                else
                {
                    pending++;
                }
            }
        }

        // Those that will time out have not done so yet either.
        var timeouts = Math.Min(pending, second.Failed);
        return second with
        {
            Succeeded = second.Succeeded - (pending - timeouts),
            Errors = timeouts > 0 ? ImmutableDictionary<string, long>.Empty : second.Errors,
            Series = second.Series.SetItem(Measurement.LatencySeries, arrived),
        };
    }
}
