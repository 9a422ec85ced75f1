using Tuner.Core.Measurements;
using Tuner.Core.Statistics;

namespace Tuner.Core.Slos;

/// <summary>
/// The interval of the throughput. Closed model: successes per second. Open model: judged against what was scheduled, so
/// that the chance in a Poisson schedule is no failing of the server; what counts is the share that failed, and whether
/// answers kept pace with the schedule over the second half of each phase (a server that falls behind answers everything
/// in the end, but not at that rate).
/// </summary>
internal static class ThroughputInterval
{
    /// <summary>Where the limit is the offered rate itself, one request in two hundred may be missing.</summary>
    private const double LeastAllowedShare = 0.005;

    public static MetricInterval Of(double limit, IReadOnlyList<RunSeconds> runs, JudgingPlan plan) =>
        runs.All(run => run.OpenModel) ? Open(limit, runs, plan) : Closed(runs, plan);

    private static MetricInterval Open(double limit, IReadOnlyList<RunSeconds> runs, JudgingPlan plan)
    {
        var offered = OfferedRate(runs[0]);
        var failed = ShareInterval.OfErrors(runs, plan);
        if (failed.Estimate is null || offered <= 0)
        {
            return MetricInterval.None("no request was due");
        }

        var pace = Pace(runs, plan);
        var lower = offered * Math.Min(1 - failed.Upper!.Value, pace.Lower);
        var upper = offered * Math.Min(1 - failed.Lower!.Value, pace.Upper);
        var tolerated = limit <= offered && limit > offered * (1 - LeastAllowedShare) ? limit / (1 - LeastAllowedShare) / offered : 1;
        return new MetricInterval
        {
            Estimate = Math.Min(offered, offered * Math.Min(1 - failed.Estimate.Value, pace.Share) * tolerated),
            Lower = Math.Min(offered, lower * tolerated),
            Upper = Math.Min(offered, upper * tolerated),
            Requests = failed.Requests,
            EffectiveRequests = failed.EffectiveRequests,
            WithinDeviation = pace.Deviation,
        };
    }

    private static MetricInterval Closed(IReadOnlyList<RunSeconds> runs, JudgingPlan plan)
    {
        static (double, double) Rate(SecondMeasurement second) => (second.Succeeded, 1);
        var noise = RatioVariance.Of([.. runs.SelectMany(run => run.Counts(Rate))]);
        if (noise.Degrees == 0 || noise.Ratio <= 0)
        {
            return new MetricInterval { Estimate = noise.Ratio, Lower = noise.Ratio <= 0 ? 0 : null, Upper = noise.Ratio <= 0 ? 0 : null, TooLittle = "too few seconds for an interval" };
        }

        var t = Distributions.StudentQuantile(1 - plan.Level, noise.Degrees);
        var logs = runs.Select(run => Math.Log(RatioVariance.Of([.. run.Counts(Rate)]).Ratio)).Where(double.IsFinite).ToList();
        var (between, betweenWidth) = NoiseParts.Between(logs, noise.Relative * noise.Relative * runs.Count, plan);
        var width = MetricInterval.Combine(t * noise.Relative, betweenWidth, NoiseParts.Hidden(runs, plan));
        return new MetricInterval
        {
            Estimate = noise.Ratio,
            Lower = noise.Ratio * Math.Exp(-width),
            Upper = noise.Ratio * Math.Exp(width),
            Requests = (long)(noise.Ratio * noise.Denominator),
            WithinDeviation = noise.Relative,
            BetweenDeviation = between,
        };
    }

    /// <summary>Answers per scheduled request in the second halves of the phases: 1 where the server keeps pace.</summary>
    private static (double Share, double Lower, double Upper, double Deviation) Pace(IReadOnlyList<RunSeconds> runs, JudgingPlan plan)
    {
        var halves = runs.SelectMany(run => run.Phases.Where(phase => phase.Length >= 2).Select(phase => SecondHalf(phase.Phase))).ToList();
        var noise = RatioVariance.Of(halves);
        if (noise.Denominator == 0 || noise.Ratio >= 1)
        {
            return (1, 1, 1, 0);
        }

        // A short half says little about its own noise; requests that happen to be under way at its ends are part of it.
        var deviation = Math.Max(noise.Relative, 1 / Math.Sqrt(Math.Max(1, noise.Ratio * noise.Denominator)));
        var t = Distributions.StudentQuantile(1 - plan.Level, Math.Max(4, noise.Degrees));
        var width = t * deviation * Math.Sqrt(Math.Max(0, 1 - noise.Ratio));
        return (noise.Ratio, noise.Ratio * Math.Exp(-width), Math.Min(1, noise.Ratio * Math.Exp(width)), deviation);
    }

    private static (double[] Answered, double[] Due) SecondHalf(PhaseMeasurement phase)
    {
        var length = phase.Seconds.Length;
        var answered = new double[length];
        for (var due = 0; due < length; due++)
        {
            var second = phase.Seconds[due];
            if (!second.Series.TryGetValue(Measurement.LatencySeries, out var histogram))
            {
                continue;
            }

            foreach (var (bucket, count) in histogram.Buckets())
            {
                var at = due + 0.5 + (LatencyHistogram.MidpointOf(bucket) * 1e-9);
                if (at < length)
                {
                    answered[(int)at] += count;
                }
            }
        }

        var half = length / 2;
        return (answered[half..], [.. phase.Seconds.Skip(half).Select(second => (double)(second.Succeeded + second.Errors.GetValueOrDefault("timeout")))]);
    }

    /// <summary>Scheduled requests per second over the phases taken together.</summary>
    private static double OfferedRate(RunSeconds run)
    {
        var seconds = run.Phases.Sum(phase => phase.Phase.Duration.TotalSeconds);
        return seconds > 0 ? run.Phases.Sum(phase => (phase.Phase.OfferedRate ?? phase.Phase.Scheduled / phase.Phase.Duration.TotalSeconds) * phase.Phase.Duration.TotalSeconds) / seconds : 0;
    }
}
