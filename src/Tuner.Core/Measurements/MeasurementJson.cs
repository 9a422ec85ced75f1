using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tuner.Core.Measurements;

/// <summary>
/// A measurement as JSON, exact in both directions and versioned. Histograms are base64 of <see cref="HistogramCodec"/>,
/// so that every second can be resampled later by whoever reads the file.
/// </summary>
public static class MeasurementJson
{
    public const string Format = "tuner/measurement";
    public const int Version = 1;

    public static string Write(Measurement measurement) =>
        JsonSerializer.Serialize(new MeasurementFile(Format, Version, measurement), MeasurementJsonContext.Default.MeasurementFile);

    public static byte[] WriteUtf8(Measurement measurement) =>
        JsonSerializer.SerializeToUtf8Bytes(new MeasurementFile(Format, Version, measurement), MeasurementJsonContext.Default.MeasurementFile);

    /// <exception cref="FormatException">The text is not a measurement, or one of a newer version; the message says which.</exception>
    public static Measurement Read(string json) => Read(() => JsonSerializer.Deserialize(json, MeasurementJsonContext.Default.MeasurementFile));

    /// <exception cref="FormatException">The text is not a measurement, or one of a newer version; the message says which.</exception>
    public static Measurement ReadUtf8(ReadOnlyMemory<byte> json) =>
        Read(() => JsonSerializer.Deserialize(json.Span, MeasurementJsonContext.Default.MeasurementFile));

    /// <summary>Writes piece by piece: days of seconds are more than one array holds well.</summary>
    public static Task WriteAsync(Stream target, Measurement measurement, CancellationToken cancellationToken) =>
        JsonSerializer.SerializeAsync(target, new MeasurementFile(Format, Version, measurement), MeasurementJsonContext.Default.MeasurementFile, cancellationToken);

    /// <exception cref="FormatException">The stream is not a measurement, or one of a newer version; the message says which.</exception>
    public static async Task<Measurement> ReadAsync(Stream source, CancellationToken cancellationToken)
    {
        try
        {
            var file = await JsonSerializer.DeserializeAsync(source, MeasurementJsonContext.Default.MeasurementFile, cancellationToken);
            return Read(() => file);
        }
        catch (JsonException exception)
        {
            throw new FormatException($"This is not a measurement: {exception.Message}", exception);
        }
    }

    private static Measurement Read(Func<MeasurementFile?> deserialize)
    {
        try
        {
            var file = deserialize();
            return file switch
            {
                { Format: Format, Version: Version, Measurement: { } measurement } => measurement,
                { Format: Format, Version: Version } => throw new FormatException("This is not a measurement: the file holds none."),
                { Format: Format } => throw new FormatException(
                    $"The measurement has version {file.Version}; this Tuner reads version {Version}. Read it with the Tuner that wrote it."),
                _ => throw new FormatException($"This is not a measurement: its format is '{file?.Format}', expected '{Format}'."),
            };
        }
        catch (JsonException exception)
        {
            throw new FormatException($"This is not a measurement: {exception.Message}", exception);
        }
    }
}

/// <summary>The file around a measurement.</summary>
internal sealed record MeasurementFile(string Format, int Version, Measurement? Measurement);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    IgnoreReadOnlyProperties = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(HistogramJsonConverter)])]
[JsonSerializable(typeof(MeasurementFile))]
internal sealed partial class MeasurementJsonContext : JsonSerializerContext;

/// <summary>Histograms as base64 text.</summary>
internal sealed class HistogramJsonConverter : JsonConverter<LatencyHistogram>
{
    public override LatencyHistogram Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        HistogramCodec.Decode(reader.GetBytesFromBase64());

    public override void Write(Utf8JsonWriter writer, LatencyHistogram value, JsonSerializerOptions options) =>
        writer.WriteBase64StringValue(HistogramCodec.Encode(value));
}
