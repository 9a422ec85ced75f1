using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Tuner.Core.Pricing;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;

namespace Tuner.Argo.Rendering;

/// <summary>
/// The Kubernetes objects of one candidate, ready to be applied: its values put in, names and labels of its own, and
/// placed on its instance type.
/// </summary>
public sealed record CandidateObjects
{
    private CandidateObjects()
    {
    }

    public required ImmutableArray<JsonObject> Documents { get; init; }

    /// <summary>The Service whose pods get the load, by its name in the cluster; null where an address is loaded.</summary>
    public string? Service { get; init; }

    /// <summary>Makes them.</summary>
    /// <param name="documents">The objects as the sweep has them, values put in; they are changed.</param>
    /// <exception cref="RenderingException">The objects lack what the target asks for; the message holds the cure.</exception>
    public static CandidateObjects Of(Target.Argo target, SearchSpace space, Candidate candidate, TrialNames names, ImmutableSortedDictionary<string, string> labels, IReadOnlyList<JsonObject> documents)
    {
        Fill(target, space, candidate, names, documents);
        Label(documents, target.Namespace, names, labels);
        var renaming = new ObjectRenaming(documents, names);
        renaming.Apply();
        return new CandidateObjects { Documents = [.. documents], Service = target.Load.Service is { } service ? renaming.Of(service) : null };
    }

    /// <summary>Writes replicas, environment, arguments, resources and placement into the objects.</summary>
    internal static void Fill(Target.Argo target, SearchSpace space, Candidate candidate, TrialNames names, IReadOnlyList<JsonObject> documents)
    {
        var main = MainWorkload(target, documents);
        string? Lookup(string name) => Value(space, candidate, names, name);
        if (main is not null)
        {
            WriteReplicas(target, main, Lookup);
            WriteContainer(target, space.InstanceOf(candidate), main, Lookup);
        }
        else if (!target.Environment.IsEmpty || !target.Arguments.IsEmpty || !target.Resources.IsEmpty)
        {
            throw new RenderingException("target.argo has env, args or resources, and no object of the manifest has containers that Tuner knows. Write the values into the manifest with {{placeholders}}.");
        }

        foreach (var pods in documents.SelectMany(PodPlaces.Of))
        {
            Place(target, space.InstanceOf(candidate), pods.Spec);
        }
    }

    /// <summary>The value of a placeholder; null where it has none.</summary>
    internal static string? Value(SearchSpace space, Candidate candidate, TrialNames names, string name) =>
        name is TemplateNames.Suffix ? names.Suffix : space.Lookup(candidate, name)?.Text;

    /// <summary>The workload that is tuned: the one behind the loaded Service, else the first with pods.</summary>
    internal static JsonObject? MainWorkload(Target.Argo target, IReadOnlyList<JsonObject> documents)
    {
        var selector = documents.FirstOrDefault(document => document.Text("kind") is "Service" && document.Text("metadata", "name") == target.Load.Service)
            .At("spec", "selector").Texts().ToArray();
        var workloads = documents.Where(document => PodPlaces.Of(document).Any()).ToArray();
        return (selector is { Length: > 0 } ? workloads.FirstOrDefault(workload => PodPlaces.Of(workload).Any(pods => Selects(selector, pods))) : null) ?? workloads.FirstOrDefault();
    }

    private static bool Selects(IReadOnlyCollection<KeyValuePair<string, string>> selector, PodPlace pods) =>
        selector.All(pair => pods.Metadata.Text("labels", pair.Key) == pair.Value);

    private static void WriteReplicas(Target.Argo target, JsonObject workload, Func<string, string?> lookup)
    {
        if (!target.WritesReplicas)
        {
            return;
        }

        var replicas = int.Parse(target.Replicas.Render(lookup), CultureInfo.InvariantCulture);
        var spec = workload.Child("spec");
        if (workload.Text("kind") is "InferenceService")
        {
            // An autoscaler between the bounds would measure something else than the candidate.
            spec.Child("predictor")["minReplicas"] = replicas;
            spec.Child("predictor")["maxReplicas"] = replicas;
            return;
        }

        spec["replicas"] = replicas;
    }

    private static void WriteContainer(Target.Argo target, InstanceType? instance, JsonObject workload, Func<string, string?> lookup)
    {
        var containers = PodPlaces.Of(workload).First().Containers.ToArray();
        var container = target.Container is { } name ? containers.FirstOrDefault(container => container.Text("name") == name) : containers.FirstOrDefault();
        if (container is null)
        {
            throw new RenderingException(target.Container is { } missing
                ? $"target.argo.container: {workload.Text("kind")} '{workload.Text("metadata", "name")}' has no container '{missing}'. It has {string.Join(", ", containers.Select(item => item.Text("name")))}."
                : $"{workload.Text("kind")} '{workload.Text("metadata", "name")}' has no container.");
        }

        if (!target.Arguments.IsEmpty)
        {
            container["args"] = new JsonArray([.. target.Arguments.Select(argument => JsonValue.Create(argument.Render(lookup)))]);
        }

        if (!target.Environment.IsEmpty)
        {
            var updates = new JsonArray([.. target.Environment.Select(pair => new JsonObject { ["name"] = pair.Key, ["value"] = pair.Value.Render(lookup) })]);
            container["env"] = WithVariables(container["env"] as JsonArray, updates);
        }

        var resources = target.Resources.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Render(lookup))).ToList();
        if (resources.Count == 0 && instance is { Sample: true } size && container["resources"] is null)
        {
            // Nobody has nodes of a sample size: the limits make it one.
            resources.Add(new("cpu", size.Vcpus.ToString("0.###", CultureInfo.InvariantCulture)));
            resources.Add(new("memory", $"{size.MemoryGib.ToString("0.###", CultureInfo.InvariantCulture)}Gi"));
        }

        foreach (var (key, amount) in resources)
        {
            container.Child("resources").Child("requests")[key] = amount;
            container.Child("resources").Child("limits")[key] = amount;
        }
    }

    // A variable that was read from elsewhere before (valueFrom) must not keep that beside its new value.
    private static JsonArray WithVariables(JsonArray? before, JsonArray updates)
    {
        var names = updates.OfType<JsonObject>().Select(item => item.Text("name")).ToHashSet(StringComparer.Ordinal);
        return [.. (before ?? []).OfType<JsonObject>().Where(item => !names.Contains(item.Text("name"))).Select(item => item.DeepClone()), .. updates.Select(item => item!.DeepClone())];
    }

    private static void Place(Target.Argo target, InstanceType? instance, JsonObject pods)
    {
        if (instance is null)
        {
            return;
        }

        if (!target.Instances.TryGetValue(instance.Name, out var placement))
        {
            if (target.NodeLabel.Length > 0 && !instance.Sample)
            {
                pods.Child("nodeSelector")[target.NodeLabel] = instance.Name;
            }

            return;
        }

        foreach (var (key, value) in placement.NodeSelector)
        {
            pods.Child("nodeSelector")[key] = value;
        }

        if (placement.Tolerations.IsEmpty)
        {
            return;
        }

        var tolerations = pods["tolerations"] as JsonArray ?? [];
        pods["tolerations"] = new JsonArray([.. tolerations.Select(item => item?.DeepClone()), .. placement.Tolerations.Select(Toleration)]);
    }

    private static JsonObject Toleration(Toleration toleration)
    {
        var item = new JsonObject { ["operator"] = toleration.Operator };
        foreach (var (key, value) in new[] { ("key", toleration.Key), ("value", toleration.Operator is "Exists" ? null : toleration.Value), ("effect", toleration.Effect) })
        {
            if (value is not null)
            {
                item[key] = value;
            }
        }

        return item;
    }

    private static void Label(IReadOnlyList<JsonObject> documents, string place, TrialNames names, ImmutableSortedDictionary<string, string> labels)
    {
        // Before the labels change: which Services and budgets select pods of this manifest.
        var selecting = documents
            .Select(document => (Document: document, Selector: SelectorOf(document)))
            .Where(pair => pair.Selector is { Count: > 0 } && documents.SelectMany(PodPlaces.Of).Any(pods => pods.Metadata is not null && Selects([.. pair.Selector.Texts()], pods)))
            .ToArray();
        foreach (var document in documents)
        {
            RefuseLeftovers(document);
            var metadata = document.Child("metadata");
            metadata["namespace"] = place;
            var ofPods = labels.Add(TunerLabels.Role, TunerLabels.Candidate);
            var templates = PodPlaces.Of(document).Select(pods => pods.Metadata).OfType<JsonObject>().ToArray();

            // Operators hand an object's own labels on to its pods, where these have none of their own in it (KServe).
            Put(metadata, templates.Length > 0 ? labels : ofPods);
            foreach (var template in templates)
            {
                Put(template, ofPods);
            }

            if (PodPlaces.HasSelector(document))
            {
                document.Child("spec").Child("selector").Child("matchLabels")[TunerLabels.Trial] = names.Workflow;
            }

            if (document.Text("kind") is "Service")
            {
                OnlyInside(document.Child("spec"));
            }
        }

        foreach (var (_, selector) in selecting)
        {
            selector![TunerLabels.Trial] = names.Workflow;
        }
    }

    /// <summary>Claims that a StatefulSet makes belong to nobody: they, and the disks that they are paid for, would stay behind each trial.</summary>
    private static void RefuseLeftovers(JsonObject document)
    {
        if (document.Text("kind") is "StatefulSet" && document.Objects("spec", "volumeClaimTemplates").Any() && document.Text("spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted") is not "Delete")
        {
            throw new RenderingException($"StatefulSet '{document.Text("metadata", "name")}' claims volumes (volumeClaimTemplates) that would stay behind each trial. Write persistentVolumeClaimRetentionPolicy: {{ whenDeleted: Delete, whenScaled: Delete }} into its spec (Kubernetes 1.27 and later), or give its pods volumes of their own (ephemeral.volumeClaimTemplate, emptyDir).");
        }
    }

    private static JsonObject? SelectorOf(JsonObject document) => document.Text("kind") switch
    {
        "Service" => document.At("spec", "selector") as JsonObject,
        "PodDisruptionBudget" => document.At("spec", "selector", "matchLabels") as JsonObject,
        "NetworkPolicy" => document.At("spec", "podSelector", "matchLabels") as JsonObject,
        _ => null,
    };

    /// <summary>Fixed ports and addresses exist once; load balancers cost money and are not what is measured.</summary>
    private static void OnlyInside(JsonObject service)
    {
        if (service.Text("type") is "LoadBalancer" or "NodePort")
        {
            service["type"] = "ClusterIP";
        }

        foreach (var key in new[] { "loadBalancerIP", "loadBalancerClass", "externalIPs", "externalTrafficPolicy", "healthCheckNodePort", "allocateLoadBalancerNodePorts" })
        {
            service.Remove(key);
        }

        if (service.Text("clusterIP") is { } address && address is not "None")
        {
            service.Remove("clusterIP");
            service.Remove("clusterIPs");
        }

        foreach (var port in service.Objects("ports"))
        {
            port.Remove("nodePort");
        }
    }

    private static void Put(JsonObject metadata, IEnumerable<KeyValuePair<string, string>> labels)
    {
        foreach (var (key, value) in labels)
        {
            // Selectors may ask for who manages them (Helm); Tuner's own labels nobody else knows.
            if (key is not TunerLabels.ManagedBy || metadata.Text("labels", key) is null)
            {
                metadata.Child("labels")[key] = value;
            }
        }
    }
}

/// <summary>A candidate cannot be rendered; the message says what is missing, and the cure.</summary>
public sealed class RenderingException(string message) : Exception(message);
