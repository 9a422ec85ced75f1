using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tuner.Service.Tests.Reports;

/// <summary>Checks a document against the part of JSON Schema that the exporter writes: type, properties, required, items, enum, $ref.</summary>
internal static class SchemaCheck
{
    public static List<string> Violations(JsonNode schema, JsonNode? document)
    {
        var violations = new List<string>();
        Check(schema, schema, document, "", violations);
        return violations;
    }

    private static void Check(JsonNode root, JsonNode schema, JsonNode? value, string path, List<string> violations)
    {
        if (schema is JsonValue)
        {
            return;
        }

        if (schema["$ref"]?.GetValue<string>() is { } reference)
        {
            schema = Follow(root, reference);
        }

        if (schema["enum"] is JsonArray allowed && !allowed.Any(item => JsonNode.DeepEquals(item, value)))
        {
            violations.Add($"{path}: {value?.ToJsonString() ?? "null"} is none of {allowed.ToJsonString()}");
            return;
        }

        if (schema["type"] is { } type && !Types(type).Any(name => Is(value, name)))
        {
            violations.Add($"{path}: {value?.ToJsonString() ?? "null"} is no {type.ToJsonString()}");
            return;
        }

        if (value is JsonObject members)
        {
            CheckMembers(root, schema, members, path, violations);
        }
        else if (value is JsonArray items && schema["items"] is { } itemSchema)
        {
            for (var index = 0; index < items.Count; index++)
            {
                Check(root, itemSchema, items[index], $"{path}/{index}", violations);
            }
        }
    }

    private static void CheckMembers(JsonNode root, JsonNode schema, JsonObject members, string path, List<string> violations)
    {
        foreach (var name in (schema["required"] as JsonArray ?? []).Select(item => item!.GetValue<string>()))
        {
            if (!members.ContainsKey(name))
            {
                violations.Add($"{path}: '{name}' is missing");
            }
        }

        foreach (var (name, member) in members)
        {
            if (schema["properties"]?[name] is { } property)
            {
                Check(root, property, member, $"{path}/{name}", violations);
            }
            else if (schema["additionalProperties"] is { } additional)
            {
                Check(root, additional, member, $"{path}/{name}", violations);
            }
            else
            {
                violations.Add($"{path}/{name}: the schema does not know it");
            }
        }
    }

    private static JsonNode Follow(JsonNode root, string reference)
    {
        var node = root;
        foreach (var part in reference.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            node = node is JsonArray array ? array[int.Parse(part)]! : node[part]!;
        }

        return node;
    }

    private static IEnumerable<string> Types(JsonNode type) => type is JsonArray array ? array.Select(item => item!.GetValue<string>()) : [type.GetValue<string>()];

    private static bool Is(JsonNode? value, string type) => type switch
    {
        "null" => value is null,
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value?.GetValueKind() is JsonValueKind.String,
        "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        "number" => value?.GetValueKind() is JsonValueKind.Number,
        "integer" => value?.GetValueKind() is JsonValueKind.Number && value.ToJsonString().All(character => char.IsAsciiDigit(character) || character is '-'),
        _ => false,
    };
}
