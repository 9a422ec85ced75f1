using System.Text.Json.Nodes;

namespace Tuner.Argo.Rendering;

/// <summary>Changes of objects. Pure; every result is a new tree.</summary>
public static class ObjectMerge
{
    /// <summary>
    /// The object with the patch put over it: objects are merged, null removes a key, lists whose items all have a
    /// <c>name</c> are merged by it, other lists are replaced.
    /// </summary>
    public static JsonNode? Patched(JsonNode? target, JsonNode? patch)
    {
        switch (target, patch)
        {
            case (JsonObject before, JsonObject changes):
                var merged = (JsonObject)before.DeepClone();
                foreach (var (key, change) in changes)
                {
                    if (change is null)
                    {
                        merged.Remove(key);
                    }
                    else
                    {
                        merged[key] = Patched(merged[key], change);
                    }
                }

                return merged;
            case (JsonArray before, JsonArray changes) when ByName(before) is { } old && ByName(changes) is { } updates:
                var items = new JsonArray([.. old.Select(item => updates.TryGetValue(item.Key, out var change) ? Patched(item.Value, change) : item.Value.DeepClone())]);
                foreach (var added in updates.Where(item => !old.ContainsKey(item.Key)))
                {
                    items.Add(added.Value.DeepClone());
                }

                return items;
            default:
                return patch?.DeepClone();
        }
    }

    /// <summary>
    /// The JSON merge patch (RFC 7386) that turns one object into the other; null where they are equal. What has to go is
    /// null in it.
    /// </summary>
    public static JsonNode? Difference(JsonObject from, JsonObject to)
    {
        var patch = new JsonObject();
        foreach (var (key, after) in to)
        {
            var before = from[key];
            if (JsonNode.DeepEquals(before, after))
            {
                continue;
            }

            patch[key] = (before, after) is (JsonObject left, JsonObject right) ? Difference(left, right) : after?.DeepClone();
        }

        foreach (var key in from.Select(pair => pair.Key).Where(key => !to.ContainsKey(key)))
        {
            patch[key] = null;
        }

        return patch.Count == 0 ? null : patch;
    }

    private static Dictionary<string, JsonObject>? ByName(JsonArray items)
    {
        var result = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            if (item is not JsonObject entry || entry.Text("name") is not { } name || !result.TryAdd(name, entry))
            {
                return null;
            }
        }

        return result;
    }
}
