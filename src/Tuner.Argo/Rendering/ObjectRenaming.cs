using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Tuner.Argo.Rendering;

/// <summary>Gives the objects of a candidate the trial's own names, and follows the references between them.</summary>
internal sealed class ObjectRenaming(IReadOnlyCollection<JsonObject> documents, TrialNames names)
{
    private static readonly HashSet<string> NameKeys = new(StringComparer.Ordinal) { "serviceName", "serviceAccountName", "serviceAccount", "claimName", "runtime", "server" };

    private static readonly HashSet<string> ReferenceParents = new(StringComparer.Ordinal)
    {
        "configMap", "configMapRef", "configMapKeyRef", "scaleTargetRef", "targetRef", "workloadRef", "service", "roleRef", "subjects", "backendRefs", "serviceRef", "objectRef",
    };

    private readonly HashSet<string> known = [.. documents.Select(document => document.Text("metadata", "name")).OfType<string>()];
    private readonly string[] services = [.. documents.Where(document => document.Text("kind") is "Service").Select(document => document.Text("metadata", "name")!)];

    public void Apply()
    {
        foreach (var document in documents)
        {
            foreach (var part in document.Where(pair => pair.Key is not ("metadata" or "apiVersion" or "kind")).ToArray())
            {
                Visit(part.Value, part.Key);
            }

            document["metadata"]!["name"] = names.Of(document.Text("metadata", "name")!);
        }
    }

    /// <summary>
    /// The trial's name of an object that the manifest calls so, or that an operator derives from one of the manifest's
    /// (KServe's <c>NAME-predictor</c>); unchanged where it belongs to neither.
    /// </summary>
    public string Of(string name) => known.Contains(name)
        ? names.Of(name)
        : known.Where(prefix => name.StartsWith(prefix + "-", StringComparison.Ordinal)).MaxBy(prefix => prefix.Length) is { } original
            ? names.Of(original) + name[original.Length..]
            : name;

    private void Visit(JsonNode? node, string parent)
    {
        switch (node)
        {
            case JsonArray items:
                for (var index = 0; index < items.Count; index++)
                {
                    if (items[index] is JsonValue value && Changed(value, "", parent) is { } changed)
                    {
                        items[index] = changed;
                    }

                    Visit(items[index], parent);
                }

                break;
            case JsonObject item:
                foreach (var (key, value) in item.ToArray())
                {
                    if (value is JsonValue scalar && Changed(scalar, key, parent) is { } changed)
                    {
                        item[key] = changed;
                    }

                    Visit(item[key], key);
                }

                break;
        }
    }

    private JsonValue? Changed(JsonValue value, string key, string parent)
    {
        if (!value.TryGetValue<string>(out var text))
        {
            return null;
        }

        if (known.Contains(text) && (NameKeys.Contains(key) || (key is "name" && ReferenceParents.Contains(parent))))
        {
            return JsonValue.Create(names.Of(text));
        }

        var changed = services.Aggregate(text, (current, service) => Regex.Replace(
            current,
            $@"(?<before>://){Regex.Escape(service)}(?=[:/.]|$)",
            match => match.Groups["before"].Value + names.Of(service),
            RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
            TimeSpan.FromSeconds(1)));
        return changed == text ? null : JsonValue.Create(changed);
    }
}
