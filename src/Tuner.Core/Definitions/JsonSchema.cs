using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tuner.Core.Definitions;

/// <summary>The JSON Schema (draft 2020-12) of sweep definitions, for editors. Made from the shape that the validator uses.</summary>
public static class JsonSchema
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema as text, with a line break at its end; the same every time.</summary>
    public static string OfSweep()
    {
        var root = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Tuner sweep definition",
        };
        foreach (var (key, value) in Of(SweepShape.Root).ToArray())
        {
            root[key] = value?.DeepClone();
        }

        return root.ToJsonString(Indented) + "\n";
    }

    private static JsonObject Of(Shape shape) => shape switch
    {
        ScalarShape scalar => Scalar(scalar),
        ListShape list => new JsonObject { ["type"] = "array", ["minItems"] = 1, ["items"] = Of(list.Item) },
        MapShape map => new JsonObject { ["type"] = "object", ["additionalProperties"] = Of(map.Value) },
        ObjectShape { Shorthand: { } key } known => new JsonObject { ["anyOf"] = new JsonArray(Object(known), Of(known.Find(key)!.Shape)) },
        ObjectShape known => Object(known),
        _ => [],
    };

    private static JsonObject Object(ObjectShape shape)
    {
        var properties = new JsonObject();
        foreach (var key in shape.Keys)
        {
            var property = Of(key.Shape);
            property.Insert(0, "description", key.About);
            properties[key.Name] = property;
        }

        var result = new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = properties };
        if (shape.Keys.Any(key => key.Required))
        {
            result["required"] = new JsonArray([.. shape.Keys.Where(key => key.Required).Select(key => JsonValue.Create(key.Name))]);
        }

        if (!shape.ExactlyOneOf.IsEmpty)
        {
            result["oneOf"] = new JsonArray([.. shape.ExactlyOneOf.Select(key => new JsonObject { ["required"] = new JsonArray(JsonValue.Create(key)) })]);
        }

        return result;
    }

    private static JsonObject Scalar(ScalarShape shape)
    {
        var result = shape.Kind switch
        {
            ScalarKind.Choice => new JsonObject { ["enum"] = new JsonArray([.. shape.Choices.Select(choice => JsonValue.Create(choice))]) },
            ScalarKind.Integer => Bounded(new JsonObject { ["type"] = "integer" }, shape),
            ScalarKind.Number => Bounded(new JsonObject { ["type"] = "number" }, shape),
            ScalarKind.Boolean => new JsonObject { ["type"] = "boolean" },
            ScalarKind.Duration => Written("string", "^([0-9]+(\\.[0-9]+)? ?(us|µs|ms|s|min|m|h|d) ?)+$"),
            ScalarKind.Rate => Written(null, "^[0-9]+(\\.[0-9]+)?( ?/ ?(s|min|m|h))?$"),
            ScalarKind.Share => Written(null, "^[0-9]+(\\.[0-9]+)? ?%?$"),
            ScalarKind.Money => Written(null, "^[0-9]+(\\.[0-9]+)?( ?[A-Z]{3})?$"),
            _ => new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") },
        };
        if (shape.Default is { } standard)
        {
            result["default"] = shape.Kind is ScalarKind.Integer or ScalarKind.Number or ScalarKind.Boolean ? JsonNode.Parse(standard) : JsonValue.Create(standard);
        }

        return result;
    }

    private static JsonObject Written(string? type, string pattern) => new()
    {
        ["type"] = type is null ? new JsonArray("string", "number") : JsonValue.Create(type),
        ["pattern"] = pattern,
    };

    private static JsonObject Bounded(JsonObject result, ScalarShape shape)
    {
        if (shape.Min is { } min)
        {
            result["minimum"] = min;
        }

        if (shape.Max is { } max)
        {
            result["maximum"] = max;
        }

        return result;
    }
}
