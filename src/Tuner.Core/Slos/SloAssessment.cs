namespace Tuner.Core.Slos;

/// <summary>Whether an SLO holds beyond the noise of the measurement.</summary>
public enum SloVerdict
{
    /// <summary>The confidence bound on the bad side is within the limit.</summary>
    Met,

    /// <summary>The confidence bound on the good side is beyond the limit.</summary>
    Missed,

    /// <summary>The limit lies within the interval, or there is too little data for one.</summary>
    Unknown,
}

/// <summary>One SLO judged on the measurements of one candidate.</summary>
public sealed record SloAssessment
{
    public required Slo Slo { get; init; }

    public required SloVerdict Verdict { get; init; }

    /// <summary>The estimate in the metric's unit; null where nothing was measured.</summary>
    public double? Estimate { get; init; }

    /// <summary>Bounds of the interval in the metric's unit; null where there is too little data for one.</summary>
    public double? Lower { get; init; }

    public double? Upper { get; init; }

    /// <summary>Requests behind the estimate, and the effective number of independent ones after clustering of bad seconds.</summary>
    public long Requests { get; init; }

    public double? EffectiveRequests { get; init; }

    public int Repeats { get; init; }

    /// <summary>Standard deviations of ln(estimate) within a run and between repeats; null where unknown.</summary>
    public double? WithinDeviation { get; init; }

    public double? BetweenDeviation { get; init; }

    /// <summary>Why the verdict is what it is, for a reader.</summary>
    public required string Reason { get; init; }

    /// <summary>ln(value/limit) of the estimate, positive where it is violated; null where nothing was measured.</summary>
    public double? LogViolation => Estimate is { } value ? Slo.LogViolation(value) : null;
}
