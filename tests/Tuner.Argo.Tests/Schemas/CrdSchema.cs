using System.Globalization;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tuner.Argo.Tests.Schemas;

/// <summary>
/// The schema of a custom resource, and what an object says against it. Stricter than the API server: a field that the
/// schema does not know is an error too, where the server would drop it without a word.
/// </summary>
internal sealed class CrdSchema
{
    private readonly JsonObject root;

    private CrdSchema(JsonObject root)
    {
        this.root = root;
    }

    public static string[] Versions { get; } = ["v3.7.0", "v4.1.2"];

    public static CrdSchema Load(string version, string plural)
    {
        var versions = (JsonArray)Definition(version, plural)["spec"]!["versions"]!;
        return new CrdSchema((JsonObject)versions[0]!["schema"]!["openAPIV3Schema"]!);
    }

    /// <summary>The CustomResourceDefinition itself.</summary>
    public static JsonObject Definition(string version, string plural)
    {
        using var file = File.OpenRead(Path.Combine(Folder(), version, $"{plural}.argoproj.io.json.gz"));
        using var gzip = new GZipStream(file, CompressionMode.Decompress);
        return (JsonObject)JsonNode.Parse(gzip)!;
    }

    public IReadOnlyList<string> Problems(JsonObject item)
    {
        var problems = new List<string>();
        Visit(root, item, item["kind"]!.GetValue<string>(), problems);
        return problems;
    }

    private static void Visit(JsonObject schema, JsonNode? node, string path, List<string> problems)
    {
        if (schema["x-kubernetes-int-or-string"] is not null || schema.Count == 0)
        {
            return;
        }

        if (node is null)
        {
            problems.Add($"{path} is null");
            return;
        }

        if (schema["enum"] is JsonArray choices && !choices.Any(choice => JsonNode.DeepEquals(choice, node)))
        {
            problems.Add($"{path} is {node.ToJsonString()}, not one of {choices.ToJsonString()}");
        }

        switch (schema["type"]?.GetValue<string>(), node)
        {
            case ("object", JsonObject item):
                Object(schema, item, path, problems);
                break;
            case ("array", JsonArray items):
                foreach (var (index, value) in items.Index())
                {
                    Visit((JsonObject)schema["items"]!, value, $"{path}[{index.ToString(CultureInfo.InvariantCulture)}]", problems);
                }

                break;
            case ("string", JsonValue value) when value.GetValueKind() is JsonValueKind.String:
            case ("integer" or "number", JsonValue number) when number.GetValueKind() is JsonValueKind.Number:
            case ("boolean", JsonValue flag) when flag.GetValueKind() is JsonValueKind.True or JsonValueKind.False:
            case (null, _):
                break;
            default:
                problems.Add($"{path} is {node.GetValueKind()}, not {schema["type"]}");
                break;
        }
    }

    private static void Object(JsonObject schema, JsonObject item, string path, List<string> problems)
    {
        foreach (var required in schema["required"] as JsonArray ?? [])
        {
            if (!item.ContainsKey(required!.GetValue<string>()))
            {
                problems.Add($"{path}.{required} is missing");
            }
        }

        var properties = schema["properties"] as JsonObject;
        foreach (var (key, value) in item)
        {
            if (properties?[key] is JsonObject known)
            {
                Visit(known, value, $"{path}.{key}", problems);
            }
            else if (schema["additionalProperties"] is JsonObject others)
            {
                Visit(others, value, $"{path}.{key}", problems);
            }
            else if (schema["x-kubernetes-preserve-unknown-fields"] is null && properties is not null)
            {
                problems.Add($"{path}.{key} is unknown");
            }
        }
    }

    private static string Folder([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../cluster/argo/crds"));
}
