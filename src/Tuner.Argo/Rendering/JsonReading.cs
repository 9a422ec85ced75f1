using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tuner.Argo.Rendering;

/// <summary>Reading objects of an API whose every part may be missing.</summary>
internal static class JsonReading
{
    /// <summary>The value at the path of keys; null where a part is missing or of another kind.</summary>
    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var key in path)
        {
            node = node is JsonObject item && item.TryGetPropertyValue(key, out var next) ? next : null;
        }

        return node;
    }

    public static string? Text(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.GetValueKind() is JsonValueKind.String ? value.GetValue<string>() : null;

    public static long? Whole(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.GetValueKind() is JsonValueKind.Number && double.TryParse(value.ToJsonString(), out var number) ? (long)number : null;

    public static bool? Flag(this JsonNode? node, params ReadOnlySpan<string> path) => node.At(path) is JsonValue value ? value.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    } : null;

    public static IEnumerable<JsonObject> Objects(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonArray items ? items.OfType<JsonObject>() : [];

    /// <summary>The object under the key, made where there is none.</summary>
    public static JsonObject Child(this JsonObject node, string key)
    {
        if (node[key] is JsonObject child)
        {
            return child;
        }

        child = [];
        node[key] = child;
        return child;
    }

    /// <summary>Every key with text in an object such as labels.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Texts(this JsonNode? node) => node is JsonObject item
        ? item.Where(pair => pair.Value is JsonValue value && value.GetValueKind() is JsonValueKind.String).Select(pair => KeyValuePair.Create(pair.Key, pair.Value!.GetValue<string>()))
        : [];
}
