using System.Text;
using Tuner.Core.Measurements;

namespace Tuner.Cli.Loading;

/// <summary>A measurement for someone at a terminal.</summary>
internal static class MeasurementText
{
    private static readonly double[] Quantiles = [0.5, 0.9, 0.95, 0.99, 0.999];

    // So many requests lie beyond a percentile before it is printed at all.
    private const int RequestsBeyond = 10;

    public static string Of(Measurement measurement)
    {
        var text = new StringBuilder();
        foreach (var phase in measurement.Phases)
        {
            Append(text, phase, measurement.OpenModel);
        }

        var generator = measurement.Generator;
        text.AppendLine($"generator     {measurement.Engine} engine, {generator.Threads} thread{(generator.Threads == 1 ? "" : "s")}, {generator.CpuCores:0.00} cores, {generator.Pacing} pacing, {generator.PeakConnections} connections at most");
        if (measurement.OpenModel && generator.ScheduleLag.Count > 0)
        {
            text.AppendLine($"  sent late   p50 {Time(generator.ScheduleLag.QuantileNanoseconds(0.5))}, p99 {Time(generator.ScheduleLag.QuantileNanoseconds(0.99))} after the intended time");
        }

        if (measurement.Machine is { } machine)
        {
            text.AppendLine($"machine       CPU pressure {Share(machine.CpuPressure)}, stolen {Share(machine.Steal)}, spin speed {machine.SpinBefore:0} before and {machine.SpinAfter:0} after");
        }

        Append(text, "ended early ", measurement.EndedEarly is { } reason ? [reason] : []);
        Append(text, "in flight   ", generator.InFlightAtEnd > 0 ? [$"{generator.InFlightAtEnd} requests had no answer when the load ended"] : []);
        Append(text, "sent again  ", generator.Resent > 0 ? [$"{generator.Resent} requests, since the server had closed the kept connection"] : []);
        Append(text, "note        ", measurement.Notes);
        Append(text, "INVALID     ", measurement.InvalidReasons);
        return text.ToString();
    }

    /// <summary>Nanoseconds as a person reads them.</summary>
    public static string Time(double nanoseconds) => nanoseconds switch
    {
        < 1e3 => $"{nanoseconds:0} ns",
        < 1e6 => $"{nanoseconds / 1e3:0.#} µs",
        < 1e9 => $"{nanoseconds / 1e6:0.##} ms",
        _ => $"{nanoseconds / 1e9:0.###} s",
    };

    private static void Append(StringBuilder text, PhaseMeasurement phase, bool openModel)
    {
        var offered = phase.OfferedRate is { } rate ? $"{rate:0.##}/s offered, {phase.AchievedRate:0.##}/s sent" : $"{phase.Users} users";
        text.AppendLine($"{phase.Name,-13} {offered}, {phase.Throughput:0.##}/s answered well, over {phase.Duration.TotalSeconds:0.##} s");
        text.AppendLine($"  requests    {phase.Scheduled}, {phase.Failed} failed ({phase.ErrorRate * 100:0.###} %)");
        foreach (var group in phase.Seconds.SelectMany(second => second.Errors).GroupBy(error => error.Key).OrderByDescending(group => group.Sum(error => error.Value)))
        {
            text.AppendLine($"    {group.Sum(error => error.Value),8}  {group.Key}");
        }

        foreach (var name in phase.Seconds.SelectMany(second => second.Series.Keys).Distinct().Order(StringComparer.Ordinal))
        {
            var series = phase.Series(name);
            var quantiles = Quantiles.Where(quantile => series.Count * (1 - quantile) >= RequestsBeyond || quantile == 0.5)
                .Select(quantile => $"p{quantile * 100:0.#} {Time(series.QuantileNanoseconds(quantile))}");
            var label = name == Measurement.LatencySeries && !openModel ? "latency*" : name;
            text.AppendLine($"  {label,-11} {string.Join(", ", quantiles)}, max {Time(series.QuantileNanoseconds(1))}, mean {Time(series.MeanNanoseconds)}");
        }

        if (!openModel)
        {
            text.AppendLine("  * closed model: counted from the actual send, which hides stalls. Use --rate to see them.");
        }
    }

    private static void Append(StringBuilder text, string label, IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            text.AppendLine($"{label}  {line}");
        }
    }

    private static string Share(double? share) => share is { } value ? $"{value * 100:0.#} %" : "unknown";
}
