using System.Globalization;
using System.Text.Json.Nodes;
using Tuner.Argo.Installing;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Rendering;
using Tuner.Argo.Tests.Cluster;

namespace Tuner.Argo.Tests.Trials;

/// <summary>Where the real scheduler puts load pods.</summary>
public sealed class PlacementTests
{
    private const int Pods = 3;

    [PodsFact]
    public async Task Load_pods_keep_off_the_candidate_s_node_where_there_are_several()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await using var first = await BareNode.CreateAsync(place.Admin, place.Name);
        await using var second = await BareNode.CreateAsync(place.Admin, place.Name);
        await place.Admin.CreateAsync(ResourcePath.Pods(place.Name), Pod(place, "candidate", new() { [TunerLabels.Trial] = "t", [TunerLabels.Role] = TunerLabels.Candidate }, null), default);
        var taken = (await PlacedAsync(place, "candidate")).Single();
        var affinity = JsonNode.Parse(Load()["affinity"]!.ToJsonString().Replace("{{inputs.parameters.trial}}", "t", StringComparison.Ordinal))!;
        for (var index = 0; index < Pods; index++)
        {
            await place.Admin.CreateAsync(ResourcePath.Pods(place.Name), Pod(place, string.Create(CultureInfo.InvariantCulture, $"load-{index}"), new() { ["tuner/part"] = "load" }, affinity), default);
            await place.Admin.CreateAsync(ResourcePath.Pods(place.Name), Pod(place, string.Create(CultureInfo.InvariantCulture, $"any-{index}"), [], null), default);
        }

        Assert.Equal(taken == first.Name ? second.Name : first.Name, Assert.Single((await PlacedAsync(place, "load", Pods)).Distinct(StringComparer.Ordinal)));

        // Without that rule the scheduler uses the candidate's node as well.
        Assert.Contains(taken, await PlacedAsync(place, "any", Pods));
    }

    private static JsonObject Load() => ClusterParts.For("any").Single(part => part.Text("kind") is "WorkflowTemplate").Objects("spec", "templates").Single(template => template.Text("name") is TrialWorkflow.LoadStep);

    private static JsonObject Pod(ArgoNamespace place, string name, Dictionary<string, string> labels, JsonNode? affinity)
    {
        var pod = (JsonObject)JsonNode.Parse($$"""
            { "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "{{name}}" },
              "spec": { "nodeSelector": { "{{BareNode.Kind}}": "{{place.Name}}" }, "tolerations": [ { "key": "{{BareNode.Kind}}", "operator": "Exists" } ], "terminationGracePeriodSeconds": 0,
                "containers": [ { "name": "main", "image": "tuner.test/busybox:1", "resources": { "requests": { "cpu": "1" } } } ] } }
            """)!;
        pod["metadata"]!["labels"] = new JsonObject(labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)JsonValue.Create(label.Value))));
        pod["spec"]!["affinity"] = affinity?.DeepClone();
        return pod;
    }

    /// <summary>The nodes of the pods whose names begin so, once all of them have one.</summary>
    private static async Task<string[]> PlacedAsync(ArgoNamespace place, string prefix, int count = 1)
    {
        string[] nodes = [];
        Assert.True(await ArgoNamespace.Until(async () =>
        {
            var pods = (await place.Admin.ListAsync(ResourcePath.Pods(place.Name), null, null, null, null, default)).Objects("items").Where(pod => pod.Text("metadata", "name")!.StartsWith(prefix, StringComparison.Ordinal));
            nodes = [.. pods.Select(pod => pod.Text("spec", "nodeName")).OfType<string>()];
            return nodes.Length == count;
        }), $"no node for {prefix}");
        return nodes;
    }
}
