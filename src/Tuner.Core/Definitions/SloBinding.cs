using System.Collections.Immutable;
using Tuner.Core.Loads;
using Tuner.Core.Measurements;
using Tuner.Core.Slos;
using Tuner.Core.Sweeps;

namespace Tuner.Core.Definitions;

/// <summary>Reads the SLOs and refuses those that the planned load cannot decide.</summary>
internal static class SloBinding
{
    public static ImmutableArray<(Slo Slo, Place Place)> Read(Section root, LoadProfile? load)
    {
        // One with an error of its own is still a name that SLOs may use without a second error.
        string[] reported = [.. root.Sections("metrics").Select(metric => metric.Key)];
        var slos = ImmutableArray.CreateBuilder<(Slo, Place)>();
        foreach (var (_, value, place) in root.Scalars("slos"))
        {
            if (!SloSentence.TryRead(value.Text, reported, out var slo, out var problem))
            {
                root.Problems.Error(place, problem);
                continue;
            }

            if (SeriesOf(slo.Metric) is { } named && load is not null && !load.Series.Contains(named))
            {
                root.Problems.Error(place, named is Measurement.FirstEventSeries or Measurement.BetweenEventsSeries
                    ? $"'{named}' is measured of streamed answers only. Write stream: true in the request, of every variant too."
                    : $"'{named}' is no latency series that is measured. {Spelling.Hint(named, load.Series)}");
            }
            else if (slo.Metric is TotalTimeMetric or RelativeMetric { Of: TotalTimeMetric } && load is not null && load.Phases is not [UsersPhase { Requests: not null }])
            {
                root.Problems.Error(place, "a total time needs a batch: one phase such as { users: 8, requests: 10000, duration: 10m }, with arrival: closed.");
            }
            else if (slo.Metric is RelativeMetric && !root.Has("baseline"))
            {
                root.Problems.Error(place, $"'{slo.Text}' is held against the baseline, and there is none. Write baseline: with a value for every parameter, or a limit of its own.");
            }
            else if (slo is { Metric: ResourceMetric or ReportedMetric or RelativeMetric { Of: ResourceMetric or ReportedMetric }, Phase: not null })
            {
                root.Problems.Error(place, $"'{slo.Text}' names a phase, and what a candidate uses or reports is measured over the whole load. Leave the phase out.");
            }
            else if (slo.Phase is { } phase && load is not null && !load.Phases.Any(known => known.Name == phase))
            {
                root.Problems.Error(place, $"'{phase}' is no phase of the load. {Spelling.Hint(phase, [.. load.Phases.Select(known => known.Name)])}");
            }
            else if (slos.Any(known => known.Item1.Metric == slo.Metric && known.Item1.Phase == slo.Phase))
            {
                root.Problems.Error(place, $"'{slo.Text}' limits the same metric as '{slos.First(known => known.Item1.Metric == slo.Metric && known.Item1.Phase == slo.Phase).Item1.Text}'. Keep one of them.");
            }
            else
            {
                slos.Add((load?.Phases is [UsersPhase { Requests: { } batch }] ? slo with { Metric = OfBatch(slo.Metric, batch) } : slo, place));
            }
        }

        return slos.ToImmutable();
    }

    /// <summary>A total time is that of the load's requests.</summary>
    private static SloMetric OfBatch(SloMetric metric, long requests) => metric switch
    {
        TotalTimeMetric => new TotalTimeMetric(requests),
        RelativeMetric { Of: TotalTimeMetric } => new RelativeMetric(new TotalTimeMetric(requests)),
        _ => metric,
    };

    private static string? SeriesOf(SloMetric metric) => metric switch
    {
        RelativeMetric relative => SeriesOf(relative.Of),
        QuantileMetric quantile => quantile.Series,
        MeanMetric mean => mean.Series,
        _ => null,
    };

    public static void Decidable(ImmutableArray<(Slo Slo, Place Place)> slos, LoadProfile load, MeasurementSettings measurement, VerificationSettings verification, ProblemList problems)
    {
        foreach (var (slo, place) in slos)
        {
            if (SloDecidability.Of(slo, load, measurement, verification) is { CanDecide: false } verdict)
            {
                problems.Error(place, verdict.Reason);
            }
        }
    }
}
