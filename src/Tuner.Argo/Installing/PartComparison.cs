using System.Text.Json.Nodes;
using Tuner.Argo.Rendering;

namespace Tuner.Argo.Installing;

/// <summary>
/// What an installed part lacks of what this version of Tuner installs. What a platform team may choose is not looked at:
/// images, resources, security, placement, and whatever was added. Pure.
/// </summary>
internal static class PartComparison
{
    private static readonly HashSet<string> Free = new(["metadata", "imagePullPolicy", "resources", "securityContext", "affinity"], StringComparer.Ordinal);

    /// <summary>The places that differ, such as <c>spec.templates.load.container.args.3</c>, or the rights that are missing; empty where the part does.</summary>
    public static IReadOnlyList<string> Differences(JsonObject expected, JsonObject found) => expected.Text("kind") is "Role"
        ? [.. Rights(expected).Except(Rights(found), StringComparer.Ordinal).Where(right => !Granted(found, right))]
        : [.. expected.Where(pair => pair.Key is not ("kind" or "apiVersion") && !Free.Contains(pair.Key)).SelectMany(pair => Places(pair.Value, found[pair.Key], pair.Key))];

    private static IEnumerable<string> Places(JsonNode? expected, JsonNode? found, string place) => (expected, found) switch
    {
        (JsonObject { } item, JsonObject other) => item.Where(pair => !Free.Contains(pair.Key) && !IsImage(item, pair.Key)).SelectMany(pair => Places(pair.Value, other[pair.Key], $"{place}.{pair.Key}")),
        (JsonArray items, JsonArray others) when items.All(item => item.Text("name") is not null) => items.SelectMany(item =>
            Places(item, others.FirstOrDefault(other => other.Text("name") == item.Text("name")), $"{place}.{item.Text("name")}")),
        (JsonArray items, JsonArray others) when items.Count == others.Count => items.SelectMany((item, index) => Places(item, others[index], $"{place}.{index}")),
        (JsonValue, JsonValue) when JsonNode.DeepEquals(expected, found) => [],
        _ => [place],
    };

    /// <summary>The default of the parameter that names the image of the steps.</summary>
    private static bool IsImage(JsonObject item, string key) => key is "value" && item.Text("name") is "image";

    private static IEnumerable<string> Rights(JsonObject role) => role.Objects("rules").SelectMany(rule =>
        Words(rule, "apiGroups").SelectMany(group => Words(rule, "resources").SelectMany(resource => Words(rule, "verbs").Select(verb => $"{verb} {resource}{(group.Length > 0 ? $".{group}" : "")}"))));

    /// <summary>Rules may name everything with an asterisk.</summary>
    private static bool Granted(JsonObject role, string right) => role.Objects("rules").Any(rule =>
        (Words(rule, "verbs").Contains("*") || Words(rule, "verbs").Contains(right.Split(' ')[0]))
        && Words(rule, "apiGroups").Any(group => group is "*" || Words(rule, "resources").Any(resource => right.EndsWith($" {resource}{(group.Length > 0 ? $".{group}" : "")}", StringComparison.Ordinal))
            || (Words(rule, "resources").Contains("*") && (group.Length == 0 ? !right.Contains('.', StringComparison.Ordinal) : right.EndsWith($".{group}", StringComparison.Ordinal)))));

    private static IEnumerable<string> Words(JsonObject rule, string key) => (rule[key] as JsonArray ?? []).Select(word => word!.GetValue<string>());
}
