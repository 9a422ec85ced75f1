using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Tuner.Service.Reports.Comparing;

namespace Tuner.Service.Reports;

/// <summary>The report as data: the contract with other programs, of which every other face shows a part.</summary>
public static class ReportJson
{
    /// <summary>Where the schema of this version is known by; it is an identity, nothing is fetched from it.</summary>
    public const string SchemaId = $"urn:tuner:report:{Report.CurrentSchemaVersion}";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        // Named, because the schema is also asked for before anything was written.
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        WriteIndented = true,
        NewLine = "\n",
        NumberHandling = JsonNumberHandling.Strict,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static string Write(Report report) => JsonSerializer.Serialize(report, Options) + "\n";

    /// <summary>Two sweeps side by side, as data.</summary>
    public static string Write(ReportComparison comparison) => JsonSerializer.Serialize(comparison, Options) + "\n";

    /// <summary>Reads a report that some version of the same major schema wrote.</summary>
    /// <exception cref="JsonException">It is no report, or one of another major version.</exception>
    public static Report Read(string json)
    {
        var report = JsonSerializer.Deserialize<Report>(json, Options) ?? throw new JsonException("The file holds null, not a report.");
        return Major(report.SchemaVersion) == Major(Report.CurrentSchemaVersion)
            ? report
            : throw new JsonException($"schemaVersion: {report.SchemaVersion} cannot be read, this tuner reads {Major(Report.CurrentSchemaVersion)}.x. Use the tuner that wrote it.");
    }

    /// <summary>The JSON Schema of a written report.</summary>
    public static string Schema() => SchemaOf(
        typeof(Report),
        SchemaId,
        "Tuner report",
        "One sweep and its recommendation. Times are in seconds, money in sweep.currency, shares from 0 to 1; null means unknown or not enough data to say.");

    /// <summary>The JSON Schema of a written comparison.</summary>
    public static string ComparisonSchema() => SchemaOf(
        typeof(ReportComparison),
        $"urn:tuner:comparison:{ReportComparison.CurrentSchemaVersion}",
        "Tuner comparison",
        "Two sweeps side by side, the earlier one left. Latencies are in seconds, money in the currency of its side, shares from 0 to 1; null means unknown on one side at least.");

    private static string SchemaOf(Type type, string id, string title, string description)
    {
        var node = (JsonObject)Options.GetJsonSchemaAsNode(type, new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true });
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$id"] = id,
            ["title"] = title,
            ["description"] = description,
        };
        foreach (var (name, value) in node.ToList())
        {
            node.Remove(name);
            schema[name] = value;
        }

        return schema.ToJsonString(Options) + "\n";
    }

    private static string Major(string version) => version.Split('.')[0];
}
