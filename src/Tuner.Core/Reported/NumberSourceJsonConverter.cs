using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tuner.Core.Reported;

/// <summary>Where a number stands, as a pair of its kind and its text: <c>["json", "stats.accuracy"]</c>.</summary>
internal sealed class NumberSourceJsonConverter : JsonConverter<NumberSource>
{
    private const string InJson = "json";
    private const string InPrometheus = "prometheus";

    public override NumberSource Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var pair = JsonSerializer.Deserialize(ref reader, Loads.PackedLoadJsonContext.Default.StringArray);
        return pair switch
        {
            [InJson, var text] when JsonPath.TryParse(text, out var path) => new NumberSource.Json(path),
            [InPrometheus, var text] when SeriesSelector.TryParse(text, out var selector) => new NumberSource.Prometheus(selector),
            _ => throw new JsonException($"'{string.Join(' ', pair ?? [])}' tells of no place in an answer."),
        };
    }

    public override void Write(Utf8JsonWriter writer, NumberSource value, JsonSerializerOptions options)
    {
        var (kind, text) = value switch
        {
            NumberSource.Json json => (InJson, json.Path.Text),
            NumberSource.Prometheus prometheus => (InPrometheus, prometheus.Selector.Text),
            _ => throw new InvalidOperationException($"Unknown source {value.GetType().Name}."),
        };
        writer.WriteStartArray();
        writer.WriteStringValue(kind);
        writer.WriteStringValue(text);
        writer.WriteEndArray();
    }
}
