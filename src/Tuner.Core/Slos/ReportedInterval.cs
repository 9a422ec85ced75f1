using Tuner.Core.Measurements;
using Tuner.Core.Statistics;

namespace Tuner.Core.Slos;

/// <summary>
/// The interval of a number that the target reports: one value a run, so that its noise is what the runs show. Nothing is
/// known of such a number beforehand: it is taken to be nearly exact (half a per cent) until repeats scatter more.
/// </summary>
internal static class ReportedInterval
{
    private const double AssumedDeviation = 0.005;
    private const double AssumedDegrees = 2;

    public static MetricInterval Of(string name, IReadOnlyList<Measurement> measurements, JudgingPlan plan)
    {
        var values = measurements.Where(measurement => measurement.Reported?.ContainsKey(name) is true).Select(measurement => measurement.Reported![name]).ToList();
        if (values.Count == 0)
        {
            return MetricInterval.None($"'{name}' was not reported");
        }

        var mean = values.Average();
        var assumed = AssumedDeviation * mean;
        var degrees = AssumedDegrees + values.Count - 1;
        var variance = ((AssumedDegrees * assumed * assumed) + values.Sum(value => (value - mean) * (value - mean))) / degrees;
        var width = Distributions.StudentQuantile(1 - plan.Level, degrees) * Math.Sqrt(variance / values.Count);
        return new MetricInterval
        {
            Estimate = mean,
            Lower = mean - width,
            Upper = mean + width,
            Requests = measurements.Sum(measurement => measurement.Phases.Sum(phase => phase.Scheduled)),
            BetweenDeviation = mean == 0 ? 0 : Math.Sqrt(variance) / Math.Abs(mean),
        };
    }
}
