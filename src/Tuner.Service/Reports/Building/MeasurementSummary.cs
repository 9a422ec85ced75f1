using System.Runtime.CompilerServices;
using Tuner.Core.Measurements;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Building;

/// <summary>A measurement with its phases taken together.</summary>
internal sealed class MeasurementSummary
{
    // A measurement never changes, and the report of a sweep that goes on is made anew with every trial.
    private static readonly ConditionalWeakTable<Measurement, MeasurementSummary> Kept = [];

    private KnownRow? row;

    private MeasurementSummary(Measurement measurement)
    {
        Measurement = measurement;
        foreach (var phase in measurement.Phases)
        {
            Latency.Add(phase.Series(Measurement.LatencySeries));
            Scheduled += phase.Scheduled;
            Succeeded += phase.Succeeded;
            Failed += phase.Failed;
            Seconds += phase.Duration.TotalSeconds;
        }
    }

    public static MeasurementSummary Of(Measurement measurement) => Kept.GetValue(measurement, each => new MeasurementSummary(each));

    public Measurement Measurement { get; }

    public LatencyHistogram Latency { get; } = new();

    public long Scheduled { get; }

    public long Succeeded { get; }

    public long Failed { get; }

    /// <summary>Measured time, warm-up excluded.</summary>
    public double Seconds { get; }

    public double? Throughput => Seconds > 0 ? Succeeded / Seconds : null;

    public double? ErrorRate => Scheduled > 0 ? (double)Failed / Scheduled : null;

    /// <summary>The histogram of one phase, or of all for null.</summary>
    public LatencyHistogram In(string? phase) => phase is null ? Latency : Measurement.Phase(phase)?.Series(Measurement.LatencySeries) ?? new LatencyHistogram();

    /// <summary>The percentiles of all phases together, found once.</summary>
    public LatencyRow? Row(int minRequests)
    {
        if (row is not { } known || known.MinRequests != minRequests)
        {
            row = known = new KnownRow(minRequests, Row(Latency, minRequests));
        }

        return known.Row;
    }

    /// <summary>Percentiles, each only where enough requests stand behind it: beyond p99, as many in its tail as p99 would need.</summary>
    public static LatencyRow? Row(LatencyHistogram latency, int minRequests)
    {
        if (latency.Count == 0)
        {
            return null;
        }

        double? At(double quantile) => Quantile(latency, quantile, minRequests);
        return new LatencyRow(At(0.5), At(0.9), At(0.95), At(0.99), At(0.999), latency.Mean.TotalSeconds, latency.Max.TotalSeconds);
    }

    /// <summary>A quantile in seconds; null where too few requests stand behind it.</summary>
    public static double? Quantile(LatencyHistogram latency, double quantile, int minRequests)
    {
        var needed = quantile <= 0.99 ? minRequests : minRequests * 0.01 / (1 - quantile);

        // The tail's share is not exact in binary: 0.01 / (1 - 0.999) is a little above 10.
        return latency.Count > 0 && latency.Count >= needed - 1e-6 ? latency.Quantile(quantile).TotalSeconds : null;
    }

    private sealed record KnownRow(int MinRequests, LatencyRow? Row);
}
