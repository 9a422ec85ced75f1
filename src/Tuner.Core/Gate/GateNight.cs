using System.Collections.Immutable;
using Tuner.Core.Measurements;
using Tuner.Core.Slos;

namespace Tuner.Core.Gate;

/// <summary>One metric of one night: the values of the recommended configuration and of the baseline, measured in turns.</summary>
public sealed record GateNight
{
    public required DateTimeOffset At { get; init; }

    /// <summary>ln(value) of the configuration, pair by pair.</summary>
    public required ImmutableArray<double> Subject { get; init; }

    /// <summary>ln(value) of the control beside it; empty where the configuration is the baseline itself.</summary>
    public ImmutableArray<double> Control { get; init; } = [];

    /// <summary>ln(configuration / control) of each pair: what a machine that is slower tonight does not change.</summary>
    public ImmutableArray<double> Ratios => [.. Subject.Zip(Control, (subject, control) => subject - control)];

    /// <summary>The metric of every measurement that has it, in pairs; a pair of which one half has no value is left out.</summary>
    public static GateNight Of(Slo slo, DateTimeOffset at, IReadOnlyList<(Measurement Subject, Measurement? Control)> pairs)
    {
        var plan = new JudgingPlan();
        var read = pairs.Select(pair => (Subject: Log(pair.Subject), Control: pair.Control is null ? null : Log(pair.Control), HasControl: pair.Control is not null))
            .Where(pair => pair.Subject is not null && (!pair.HasControl || pair.Control is not null))
            .ToList();
        return new GateNight
        {
            At = at,
            Subject = [.. read.Select(pair => pair.Subject!.Value)],
            Control = [.. read.Where(pair => pair.HasControl).Select(pair => pair.Control!.Value)],
        };

        double? Log(Measurement measurement) => Value(measurement) is { } value and > 0 ? Math.Log(value) : null;
        double? Value(Measurement measurement) => !measurement.IsValid ? null
            : slo.Metric is QuantileMetric quantile ? QuantileInterval.Estimate(quantile, RunSeconds.Of(measurement, slo.Phase))
            : SloJudge.Assess(slo, [measurement], plan).Estimate;
    }
}
