using Tuner.Core.Measurements;

namespace Tuner.Core.Slos;

/// <summary>An estimate with the bounds that a verdict is read from, in the metric's unit.</summary>
internal sealed record MetricInterval
{
    public double? Estimate { get; init; }

    public double? Lower { get; init; }

    public double? Upper { get; init; }

    public long Requests { get; init; }

    public double? EffectiveRequests { get; init; }

    public double? WithinDeviation { get; init; }

    public double? BetweenDeviation { get; init; }

    /// <summary>Why a bound is missing; null where both are there.</summary>
    public string? TooLittle { get; init; }

    /// <summary>The interval of the SLO's metric over the seconds of these runs.</summary>
    public static MetricInterval Of(Slo slo, IReadOnlyList<RunSeconds> runs, JudgingPlan plan) => slo.Metric switch
    {
        QuantileMetric metric => QuantileInterval.Of(metric, runs, plan),
        MeanMetric metric => MeanInterval.Of(metric, runs, plan),
        ErrorRateMetric => ShareInterval.OfErrors(runs, plan),
        TotalTimeMetric metric => TotalTimeInterval.Of(metric, runs, plan),
        ThroughputMetric => ThroughputInterval.Of(slo.Limit, runs, plan),
        _ => throw new InvalidOperationException($"Unknown SLO metric {slo.Metric.GetType().Name}."),
    };

    /// <summary>The same from whole measurements, of metrics too that are one number a run.</summary>
    public static MetricInterval OfMeasurements(Slo slo, IReadOnlyList<Measurement> measurements, JudgingPlan plan)
    {
        var valid = measurements.Where(measurement => measurement.IsValid).ToList();
        switch (slo.Metric)
        {
            case ResourceMetric resource:
                return ResourceInterval.Of(resource.Resource, valid, plan);
            case ReportedMetric reported:
                return ReportedInterval.Of(reported.Name, valid, plan);
        }

        var runs = valid.Select(measurement => RunSeconds.Of(measurement, slo.Phase)).Where(run => run.Length > 0).ToList();
        return runs.Count == 0 ? None("no valid measurement") : Of(slo, runs, plan);
    }

    public static MetricInterval None(string reason) => new() { TooLittle = reason };

    /// <summary>
    /// Puts independent sources of error together, each as its distances below and above the estimate on the log scale:
    /// the root of their squares on each side (Zou and Donner 2008, "Construction of confidence limits about effect
    /// measures", Statistics in Medicine 27: MOVER), which keeps a skewed part skewed.
    /// </summary>
    public static double Combine(params ReadOnlySpan<double> distances)
    {
        double sum = 0;
        foreach (var distance in distances)
        {
            sum += distance * distance;
        }

        return Math.Sqrt(sum);
    }
}
