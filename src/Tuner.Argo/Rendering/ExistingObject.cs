using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Tuner.Core.Sweeps;

namespace Tuner.Argo.Rendering;

/// <summary>An object of the cluster as it was read, with the Services of its namespace.</summary>
public sealed record ExistingObject(JsonObject Object, ImmutableArray<JsonObject> Services)
{
    private static readonly string[] Managed =
    [
        "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "managedFields", "selfLink", "ownerReferences", "finalizers", "generateName",
    ];

    /// <summary>
    /// A copy that no Service, selector or owner of the original reaches: labels by which pods are chosen anywhere in the
    /// namespace are left out, and a copy of the loaded Service goes with it.
    /// </summary>
    /// <exception cref="RenderingException">The loaded Service is not there, or does not choose the object's pods.</exception>
    public IReadOnlyList<JsonObject> Copy(Target.Argo target, ArgoSource.Existing source, JsonObject? patch)
    {
        var copy = Clean((JsonObject)ObjectMerge.Patched(Clean(Object), patch is null ? [] : Clean(patch))!);
        copy.Child("metadata")["name"] = source.Name;
        var documents = new List<JsonObject> { copy };
        if (target.Load.Service is { } name)
        {
            var service = Services.FirstOrDefault(service => service.Text("metadata", "name") == name)
                ?? throw new RenderingException($"target.argo.load.service: Service '{name}' does not exist in namespace '{target.Namespace}'. There is {string.Join(", ", Services.Select(item => item.Text("metadata", "name")).Order(StringComparer.Ordinal))}.");
            documents.Add(Clean(service));
            if (!Selects(service, Object))
            {
                throw new RenderingException($"target.argo.load.service: Service '{name}' does not choose the pods of {source.Kind} '{source.Name}'. Name the one that does.");
            }
        }

        Separate(copy, documents.Skip(1).FirstOrDefault());
        return documents;
    }

    /// <summary>The object as the sweep wants it where it is: patched, and its pods labelled as the trial's.</summary>
    public JsonObject InPlace(JsonObject? patch) => Clean((JsonObject)ObjectMerge.Patched(Clean(Object), patch is null ? [] : Clean(patch))!);

    /// <summary>The object without what the API server adds.</summary>
    internal static JsonObject Clean(JsonObject source)
    {
        var copy = (JsonObject)source.DeepClone();
        copy.Remove("status");
        if (copy["metadata"] is JsonObject metadata)
        {
            foreach (var key in Managed)
            {
                metadata.Remove(key);
            }

            if (metadata["annotations"] is JsonObject annotations)
            {
                annotations.Remove("kubectl.kubernetes.io/last-applied-configuration");
                annotations.Remove("deployment.kubernetes.io/revision");
            }
        }

        return copy;
    }

    /// <summary>Whether the Service chooses pods of the object.</summary>
    private static bool Selects(JsonObject service, JsonObject workload) =>
        service.At("spec", "selector").Texts().ToArray() is { Length: > 0 } selector
        && PodPlaces.Of(workload).Any(pods => selector.All(pair => pods.Metadata.Text("labels", pair.Key) == pair.Value));

    private void Separate(JsonObject copy, JsonObject? service)
    {
        var chosenBy = Services.SelectMany(item => item.At("spec", "selector").Texts()).Concat(Object.At("spec", "selector", "matchLabels").Texts()).Select(pair => pair.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var pods in PodPlaces.Of(copy).Where(pods => pods.Metadata is not null))
        {
            foreach (var key in pods.Metadata!.At("labels").Texts().Select(pair => pair.Key).Where(chosenBy.Contains).ToArray())
            {
                pods.Metadata!.Child("labels").Remove(key);
            }
        }

        // A name of its own keeps the two apart also where a label stays the same.
        var mark = new JsonObject { ["tuner/copy-of"] = Object.Text("metadata", "name") };
        if (PodPlaces.HasSelector(copy))
        {
            copy.Child("spec")["selector"] = new JsonObject { ["matchLabels"] = mark.DeepClone() };
        }

        foreach (var pods in PodPlaces.Of(copy).Where(pods => pods.Metadata is not null))
        {
            pods.Metadata!.Child("labels")["tuner/copy-of"] = Object.Text("metadata", "name");
        }

        if (service is not null)
        {
            service.Child("spec")["selector"] = mark;
        }
    }
}
