using System.Collections.Immutable;
using Tuner.Core.Loads;
using Tuner.Core.Measurements;
using Tuner.Core.Space;

namespace Tuner.Testing.Simulation;

/// <summary>
/// A model server that exists only as its truth (<see cref="ServiceSurface"/>) and its noise. Measures any candidate under
/// an open-model load; the same seed, candidate and trial number give the same numbers.
/// </summary>
public sealed record SimulatedService
{
    public required ServiceSurface Surface { get; init; }

    public required NoiseFamily Noise { get; init; }

    public required int Seed { get; init; }

    /// <summary>How much slower everything is after an hour, as ln(latency) per hour of virtual time.</summary>
    public double DriftPerHour { get; init; }

    /// <summary>What the load would measure on this candidate in the trial of this number.</summary>
    /// <param name="sinceStart">Virtual time since the sweep began: what drift depends on.</param>
    public Measurement Measure(Candidate candidate, LoadProfile load, int trialNumber, TimeSpan sinceStart, DateTimeOffset startedAt)
    {
        var chance = Chance.For(Seed, Chance.Hash(candidate.Key), trialNumber);
        var deployment = (Noise.BetweenDeviation * chance.Normal()) + (DriftPerHour * sinceStart.TotalHours);
        double backlog = 0;
        var phases = ImmutableArray.CreateBuilder<PhaseMeasurement>();
        foreach (var phase in load.Phases.Cast<RatePhase>())
        {
            var law = Surface.At(candidate, phase.RatePerSecond);
            var levels = Noise.Levels((int)Math.Ceiling(phase.Duration.TotalSeconds), chance);
            var seconds = ImmutableArray.CreateBuilder<SecondMeasurement>(levels.Length);
            for (var index = 0; index < levels.Length; index++)
            {
                var due = chance.Poisson(phase.RatePerSecond);
                seconds.Add(Second(index, due, law, Math.Exp(deployment + levels[index]), backlog, load.Timeout.TotalSeconds, chance));
                backlog = Math.Max(0, backlog + (law.IsOverloaded || backlog > 0 ? due - law.Capacity : 0));
            }

            phases.Add(new PhaseMeasurement { Name = phase.Name, Duration = phase.Duration, OfferedRate = phase.RatePerSecond, Seconds = seconds.MoveToImmutable() });
        }

        return SimulatedMeasurement.Of(phases.ToImmutable(), startedAt) with { Warmup = TimeSpan.Zero };
    }

    /// <summary>The true value of a quantile in the worst phase, in seconds; infinite where the queue never ends.</summary>
    public double TrueQuantile(Candidate candidate, LoadProfile load, double quantile) =>
        load.Phases.Cast<RatePhase>().Max(phase => Surface.At(candidate, phase.RatePerSecond).Quantile(quantile, Noise));

    private static SecondMeasurement Second(int index, int due, ServiceLaw law, double slow, double backlog, double timeout, Chance chance)
    {
        var histogram = new LatencyHistogram();
        var timedOut = 0;
        for (var request = 0; request < due; request++)
        {
            // Whoever comes later in the second finds a longer queue, where it grows.
            var growth = law.IsOverloaded ? Math.Max(0, due - law.Capacity) * request / due : 0;
            var latency = (slow * law.Draw(chance)) + ((backlog + growth) / law.Capacity);
            timedOut += latency >= timeout ? 1 : 0;
            histogram.RecordNanoseconds((long)(Math.Min(latency, timeout) * 1e9));
        }

        return SimulatedMeasurement.Second(index, due, due - timedOut, histogram, "timeout");
    }
}
