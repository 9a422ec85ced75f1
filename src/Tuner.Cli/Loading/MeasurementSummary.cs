using System.Text;
using System.Text.Json;
using Tuner.Core.Measurements;

namespace Tuner.Cli.Loading;

/// <summary>A measurement as JSON for scripts: totals and percentiles by phase, in the units that the names say. The whole measurement is what <c>--save</c> writes.</summary>
internal static class MeasurementSummary
{
    private static readonly double[] Quantiles = [0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999];

    public static string Of(Measurement measurement, IReadOnlyList<ThresholdVerdict> verdicts)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            Write(writer, measurement, verdicts);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, Measurement measurement, IReadOnlyList<ThresholdVerdict> verdicts)
    {
        writer.WriteStartObject();
        writer.WriteString("format", "tuner/load-summary");
        writer.WriteNumber("version", 1);
        writer.WriteString("startedAt", measurement.StartedAt);
        writer.WriteString("engine", measurement.Engine);
        writer.WriteString("model", measurement.OpenModel ? "open" : "closed");
        writer.WriteBoolean("valid", measurement.IsValid);
        WriteList(writer, "invalidReasons", measurement.InvalidReasons);
        WriteList(writer, "notes", measurement.Notes);
        writer.WriteString("endedEarly", measurement.EndedEarly);
        writer.WriteStartArray("phases");
        foreach (var phase in measurement.Phases)
        {
            WritePhase(writer, phase);
        }

        writer.WriteEndArray();
        WriteGenerator(writer, measurement.Generator);
        writer.WriteStartArray("slos");
        foreach (var verdict in verdicts)
        {
            writer.WriteStartObject();
            writer.WriteString("slo", verdict.Text);
            writer.WriteString("verdict", verdict.Verdict.ToString().ToLowerInvariant());
            writer.WriteString("detail", verdict.Detail);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WritePhase(Utf8JsonWriter writer, PhaseMeasurement phase)
    {
        writer.WriteStartObject();
        writer.WriteString("name", phase.Name);
        writer.WriteNumber("durationSeconds", phase.Duration.TotalSeconds);
        WriteOptional(writer, "offeredPerSecond", phase.OfferedRate);
        WriteOptional(writer, "sentPerSecond", phase.AchievedRate);
        WriteOptional(writer, "users", phase.Users);
        writer.WriteNumber("requests", phase.Scheduled);
        writer.WriteNumber("succeeded", phase.Succeeded);
        writer.WriteNumber("failed", phase.Failed);
        writer.WriteNumber("throughputPerSecond", phase.Throughput);
        writer.WriteNumber("errorRate", phase.ErrorRate);
        writer.WriteStartObject("errors");
        foreach (var group in phase.Seconds.SelectMany(second => second.Errors).GroupBy(error => error.Key).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            writer.WriteNumber(group.Key, group.Sum(error => error.Value));
        }

        writer.WriteEndObject();
        writer.WriteStartObject("series");
        foreach (var name in phase.Seconds.SelectMany(second => second.Series.Keys).Distinct().Order(StringComparer.Ordinal))
        {
            WriteSeries(writer, name, phase.Series(name));
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteSeries(Utf8JsonWriter writer, string name, LatencyHistogram series)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("count", series.Count);
        WriteMilliseconds(writer, "mean_ms", series.MeanNanoseconds);
        WriteMilliseconds(writer, "min_ms", series.QuantileNanoseconds(0));
        foreach (var quantile in Quantiles)
        {
            WriteMilliseconds(writer, $"p{quantile * 100:0.##}_ms", series.QuantileNanoseconds(quantile));
        }

        WriteMilliseconds(writer, "max_ms", series.QuantileNanoseconds(1));
        writer.WriteEndObject();
    }

    private static void WriteGenerator(Utf8JsonWriter writer, GeneratorHealth generator)
    {
        writer.WriteStartObject("generator");
        writer.WriteNumber("threads", generator.Threads);
        writer.WriteNumber("cpuCores", generator.CpuCores);
        WriteOptional(writer, "busyShare", generator.BusyShare);
        writer.WriteString("pacing", generator.Pacing);
        writer.WriteNumber("peakConnections", generator.PeakConnections);
        writer.WriteNumber("inFlightAtEnd", generator.InFlightAtEnd);
        writer.WriteNumber("resent", generator.Resent);
        WriteMilliseconds(writer, "lag_p50_ms", generator.ScheduleLag.QuantileNanoseconds(0.5));
        WriteMilliseconds(writer, "lag_p99_ms", generator.ScheduleLag.QuantileNanoseconds(0.99));
        writer.WriteEndObject();
    }

    private static void WriteMilliseconds(Utf8JsonWriter writer, string name, double nanoseconds) => writer.WriteNumber(name, Math.Round(nanoseconds / 1e6, 6));

    private static void WriteOptional(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }

    private static void WriteList(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
