namespace Tuner.Core.Slos;

/// <summary>What must hold: a metric, a bound and a limit, over the whole load or in one phase.</summary>
public sealed record Slo
{
    /// <summary>So many times the limit and what was measured, an upper bound says only that so little sets none: its digits come from a model of the tail.</summary>
    public const double Far = 10;

    /// <summary>The objective as it was written, <c>p99 latency &lt;= 100ms in peak</c>; its name everywhere.</summary>
    public required string Text { get; init; }

    public required SloMetric Metric { get; init; }

    public required Bound Bound { get; init; }

    /// <summary>In the unit of the metric: seconds for latencies, a share (0 to 1) for the error rate, requests per second for throughput, seconds for a batch's total time, a factor for what is relative to the baseline.</summary>
    public required double Limit { get; init; }

    /// <summary>The phase that is judged; null for each phase's requests taken together.</summary>
    public string? Phase { get; init; }

    /// <summary>
    /// How far a value is on the wrong side, as ln(value/limit) or ln(limit/value): negative is met, zero is at the limit.
    /// </summary>
    public double LogViolation(double value) =>
        Bound is Bound.AtMost ? Math.Log(Positive(value) / Positive(Limit)) : Math.Log(Positive(Limit) / Positive(value));

    /// <summary>True for an upper bound that says nothing: above <see cref="Far"/> times the limit, and above <see cref="Far"/> times the estimate too.</summary>
    public bool IsFar(double upper, double? estimate) => IsFar(upper, estimate, Limit, Bound);

    /// <inheritdoc cref="IsFar(double, double?)"/>
    public static bool IsFar(double upper, double? estimate, double limit, Bound bound) => bound is Bound.AtMost && limit > 0 && upper > Far * Math.Max(limit, estimate ?? 0);

    private static double Positive(double value) => Math.Max(value, 1e-9);
}

/// <summary>Which side of the limit is good.</summary>
public enum Bound
{
    AtMost,
    AtLeast,
}

/// <summary>The number that an SLO judges.</summary>
public abstract record SloMetric;

/// <summary>A quantile (0 to 1) of a named latency series, in seconds.</summary>
public sealed record QuantileMetric(string Series, double Quantile) : SloMetric;

/// <summary>The mean of a named latency series, in seconds.</summary>
public sealed record MeanMetric(string Series) : SloMetric;

/// <summary>What the candidate itself used while it was measured: bytes of memory, or cores.</summary>
public sealed record ResourceMetric(CandidateResource Resource) : SloMetric;

/// <summary>What a candidate uses of its machine.</summary>
public enum CandidateResource
{
    /// <summary>The largest resident memory over all its processes, in bytes.</summary>
    Memory,

    /// <summary>CPU seconds over all its processes by the seconds of the load: cores in use on average.</summary>
    Cpu,
}

/// <summary>Failed requests among the scheduled ones, 0 to 1.</summary>
public sealed record ErrorRateMetric : SloMetric;

/// <summary>Successful responses per second; in the open model judged against what was scheduled.</summary>
public sealed record ThroughputMetric : SloMetric;

/// <summary>A number that the target itself reports, by its name in the sweep's <c>metrics</c>; in whatever unit it reports it.</summary>
public sealed record ReportedMetric(string Name) : SloMetric;

/// <summary>Another metric as a multiple of what the baseline shows of it, measured beside it: 1.1 is a tenth more.</summary>
public sealed record RelativeMetric(SloMetric Of) : SloMetric;

/// <summary>The time, in seconds, in which a batch of so many requests is answered.</summary>
public sealed record TotalTimeMetric(long Requests) : SloMetric;
