using Tuner.Core.Measurements;

namespace Tuner.Core.Slos;

/// <summary>
/// The interval of what a candidate used: one number a run, so that its noise is that between deployments, and what a
/// short run may have missed.
/// </summary>
internal static class ResourceInterval
{
    public static MetricInterval Of(CandidateResource resource, IReadOnlyList<Measurement> measurements, JudgingPlan plan)
    {
        var used = measurements.Select(measurement => Used(resource, measurement)).OfType<double>().Where(value => value > 0).ToList();
        if (used.Count == 0)
        {
            return MetricInterval.None("what the candidate used was not measured");
        }

        var logs = used.ConvertAll(Math.Log);
        var estimate = Math.Exp(logs.Average());
        var (between, width) = NoiseParts.Between(logs, withinVariance: 0, plan);
        var all = MetricInterval.Combine(width, NoiseParts.Hidden([.. measurements.Select(measurement => RunSeconds.Of(measurement, phase: null))], plan));
        return new MetricInterval
        {
            Estimate = estimate,
            Lower = estimate * Math.Exp(-all),
            Upper = estimate * Math.Exp(all),
            Requests = measurements.Sum(measurement => measurement.Phases.Sum(phase => phase.Scheduled)),
            BetweenDeviation = between,
        };
    }

    private static double? Used(CandidateResource resource, Measurement measurement)
    {
        // What was used is counted from the warm-up on.
        var seconds = measurement.Warmup.TotalSeconds
            + (measurement.Elapsed > TimeSpan.Zero ? measurement.Elapsed.TotalSeconds : measurement.Phases.Sum(phase => phase.Duration.TotalSeconds));
        return measurement.Candidate is not { } use ? null
            : resource is CandidateResource.Memory ? use.PeakResidentBytes
            : seconds > 0 ? use.CpuSeconds / seconds : null;
    }
}
