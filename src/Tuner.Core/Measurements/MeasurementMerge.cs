using System.Collections.Immutable;

namespace Tuner.Core.Measurements;

/// <summary>Puts the measurements of several generators that loaded one target at the same time together into one.</summary>
public static class MeasurementMerge
{
    /// <param name="measurements">At least one; their phases are matched by name and their seconds by number.</param>
    /// <exception cref="ArgumentException">There is none, or open and closed models are mixed.</exception>
    public static Measurement Merge(IReadOnlyList<Measurement> measurements)
    {
        if (measurements.Count == 0)
        {
            throw new ArgumentException("There is no measurement to merge. Name at least one file.");
        }

        if (measurements.Any(measurement => measurement.OpenModel != measurements[0].OpenModel))
        {
            throw new ArgumentException("An open and a closed model cannot be merged: their latencies mean different things.");
        }

        var names = measurements.SelectMany(measurement => measurement.Phases).Select(phase => phase.Name).Distinct(StringComparer.Ordinal);
        return measurements[0] with
        {
            StartedAt = measurements.Min(measurement => measurement.StartedAt),
            Engine = Joined(measurements.Select(measurement => measurement.Engine)),
            Elapsed = measurements.Max(measurement => measurement.Elapsed),
            Phases = [.. names.Select(name => Phases([.. measurements.Select(measurement => measurement.Phase(name)).OfType<PhaseMeasurement>()]))],
            Generator = Generators([.. measurements.Select(measurement => measurement.Generator)]),
            InvalidReasons = Distinct(measurements.Select(measurement => measurement.InvalidReasons)),
            Notes = Distinct(measurements.Select(measurement => measurement.Notes)),
            Replicas = measurements.All(measurement => measurement.Replicas is null) ? null : ReplicaRequests.Merge(measurements.Select(measurement => measurement.Replicas ?? [])),
            Reported = measurements.Select(measurement => measurement.Reported).FirstOrDefault(reported => reported is not null),
            EndedEarly = measurements.Select(measurement => measurement.EndedEarly).FirstOrDefault(reason => reason is not null),
        };
    }

    /// <summary>Two counts of the same second in one.</summary>
    public static SecondMeasurement Seconds(SecondMeasurement left, SecondMeasurement right) => left with
    {
        Scheduled = left.Scheduled + right.Scheduled,
        Succeeded = left.Succeeded + right.Succeeded,
        Pending = left.Pending + right.Pending,
        Errors = right.Errors.Aggregate(left.Errors, (sum, error) => sum.SetItem(error.Key, sum.GetValueOrDefault(error.Key) + error.Value)),
        Series = right.Series.Aggregate(left.Series, (sum, series) => sum.SetItem(series.Key, Histograms(sum.GetValueOrDefault(series.Key), series.Value))),
    };

    private static PhaseMeasurement Phases(ImmutableArray<PhaseMeasurement> phases)
    {
        var seconds = phases
            .SelectMany(phase => phase.Seconds)
            .GroupBy(second => second.Index)
            .OrderBy(group => group.Key)
            .Select(group => group.Aggregate(Seconds));
        return phases[0] with
        {
            Duration = phases.Max(phase => phase.Duration),
            OfferedRate = phases[0].OfferedRate is null ? null : phases.Sum(phase => phase.OfferedRate),
            AchievedRate = phases.Sum(phase => phase.AchievedRate),
            Users = phases[0].Users is null ? null : phases.Sum(phase => phase.Users),
            Seconds = [.. seconds],
        };
    }

    private static GeneratorHealth Generators(ImmutableArray<GeneratorHealth> generators)
    {
        var lag = new LatencyHistogram();
        foreach (var generator in generators)
        {
            lag.Add(generator.ScheduleLag);
        }

        return new GeneratorHealth
        {
            ScheduleLag = lag,
            CpuCores = generators.Sum(generator => generator.CpuCores),
            BusyShare = generators.Max(generator => generator.BusyShare),
            Threads = generators.Sum(generator => generator.Threads),
            Resent = generators.Sum(generator => generator.Resent),
            Pacing = Joined(generators.Select(generator => generator.Pacing)),
            PeakConnections = generators.Sum(generator => generator.PeakConnections),
            InFlightAtEnd = generators.Sum(generator => generator.InFlightAtEnd),
            Protection = Joined(generators.Select(generator => generator.Protection)),
        };
    }

    private static LatencyHistogram Histograms(LatencyHistogram? left, LatencyHistogram right)
    {
        var merged = new LatencyHistogram();
        merged.Add(right);
        if (left is not null)
        {
            merged.Add(left);
        }

        return merged;
    }

    private static string Joined(IEnumerable<string> texts) => string.Join(" + ", texts.Distinct(StringComparer.Ordinal));

    private static ImmutableArray<string> Distinct(IEnumerable<ImmutableArray<string>> lists) =>
        [.. lists.SelectMany(list => list.IsDefault ? [] : list).Distinct(StringComparer.Ordinal)];
}
