using Tuner.Core.Measurements;

namespace Tuner.Core.Slos;

/// <summary>
/// The interval of a batch's total time. A fixed number of users is always busy, so that the time of a batch is its requests
/// times their mean latency over the users (Little 1961): its relative noise is that of the mean latency. What was not
/// answered yet is taken to go on at the pace so far.
/// </summary>
internal static class TotalTimeInterval
{
    public static MetricInterval Of(TotalTimeMetric metric, IReadOnlyList<RunSeconds> runs, JudgingPlan plan)
    {
        var answered = runs.Sum(run => run.Seconds.Sum(second => second.Scheduled));
        var seconds = runs.Sum(run => run.Phases.Sum(phase => phase.Phase.Duration.TotalSeconds));
        var mean = MeanInterval.Of(new MeanMetric(Measurement.LatencySeries), runs, plan);
        if (answered == 0 || mean.Estimate is not > 0)
        {
            return MetricInterval.None("no request of the batch was answered");
        }

        var scale = metric.Requests * seconds / answered / mean.Estimate.Value;
        return mean with { Estimate = mean.Estimate * scale, Lower = mean.Lower * scale, Upper = mean.Upper * scale, Requests = answered };
    }
}
