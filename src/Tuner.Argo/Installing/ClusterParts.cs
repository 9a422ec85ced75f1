using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Rendering;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Tuner.Argo.Installing;

/// <summary>What Tuner needs in a namespace: accounts, roles and the template of a trial's steps. The same files that <c>deploy/argo</c> is made of.</summary>
public static class ClusterParts
{
    private static readonly string[] Files = ["rbac.yaml", "tuner-trial.yaml"];

    /// <param name="image">Image of Tuner for the workflows' pods; null leaves the one of the template.</param>
    public static ImmutableArray<JsonObject> For(string place, string? image = null)
    {
        var parts = Files.SelectMany(Documents).ToImmutableArray();
        foreach (var part in parts)
        {
            part.Child("metadata")["namespace"] = place;
            foreach (var subject in part.Objects("subjects"))
            {
                subject["namespace"] = place;
            }

            foreach (var parameter in part.Objects("spec", "templates").SelectMany(template => template.Objects("inputs", "parameters")).Where(parameter => image is not null && parameter.Text("name") is "image"))
            {
                parameter["value"] = image;
            }
        }

        return parts;
    }

    /// <summary>Makes them so, whether they were there or not.</summary>
    /// <returns>One line for each.</returns>
    /// <exception cref="KubernetesException">The API server refused.</exception>
    public static async Task<IReadOnlyList<string>> InstallAsync(IKubernetesApi api, string place, string? image, CancellationToken cancellationToken)
    {
        var discovery = new Discovery(api);
        var lines = new List<string>();
        foreach (var part in For(place, image))
        {
            var (kind, name) = (part.Text("kind")!, part.Text("metadata", "name")!);
            var path = await discovery.PathAsync(part.Text("apiVersion")!, kind, place, name, cancellationToken);
            lines.Add($"{kind} {name} in namespace {place} {await PutAsync(api, path, part, cancellationToken)}");
        }

        return lines;
    }

    private static async Task<string> PutAsync(IKubernetesApi api, string path, JsonObject part, CancellationToken cancellationToken)
    {
        try
        {
            await api.CreateAsync(path[..path.LastIndexOf('/')], part, cancellationToken);
            return "created";
        }
        catch (KubernetesException exception) when (exception.IsConflict)
        {
            await api.PatchAsync(path, new MergePatchBody(part), cancellationToken);
            return "brought up to date";
        }
    }

    private static IEnumerable<JsonObject> Documents(string file)
    {
        using var resource = typeof(ClusterParts).Assembly.GetManifestResourceStream($"Tuner.Argo.Installing.{file}")!;
        using var reader = new StreamReader(resource);
        var stream = new YamlStream();
        stream.Load(reader);
        return [.. stream.Documents.Select(document => (JsonObject)Json(document.RootNode)!)];
    }

    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(pair => KeyValuePair.Create(pair.Key.ToString(), Json(pair.Value)))),
        YamlSequenceNode items => new JsonArray([.. items.Select(Json)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: { } text } when bool.TryParse(text, out var flag) => JsonValue.Create(flag),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: { } text } when long.TryParse(text, out var number) => JsonValue.Create(number),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value ?? ""),
        _ => null,
    };
}
