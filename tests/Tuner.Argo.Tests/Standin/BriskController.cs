using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Rendering;
using Tuner.Argo.Tests.Cluster;

namespace Tuner.Argo.Tests.Standin;

/// <summary>Takes every Workflow from its first status to its last without running anything: for many Workflows at once.</summary>
internal sealed class BriskController(ArgoNamespace place, string measurement)
{
    private readonly ConcurrentDictionary<string, Task> works = new(StringComparer.Ordinal);

    /// <summary>The most Workflows that were there at once.</summary>
    public int Most { get; private set; }

    /// <summary>Ends the Workflows once so many of them are there at the same time.</summary>
    public async Task EndAllAsync(int count, CancellationToken cancellationToken)
    {
        while (works.Count < count)
        {
            var items = (await place.Admin.ListAsync(ResourcePath.Workflows(place.Name), null, null, null, null, cancellationToken)).Objects("items").Select(item => item.Text("metadata", "name")!).ToArray();
            Most = Math.Max(Most, items.Length);
            foreach (var name in items.Length >= count ? items : [])
            {
                _ = works.GetOrAdd(name, _ => WorkAsync(name, cancellationToken));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellationToken);
        }

        await Task.WhenAll(works.Values);
    }

    private async Task WorkAsync(string name, CancellationToken cancellationToken)
    {
        await PatchAsync(name, "Running", Load("Running", null), cancellationToken);
        await PatchAsync(name, "Succeeded", Load("Succeeded", measurement), cancellationToken);
    }

    private Task PatchAsync(string name, string phase, JsonObject node, CancellationToken cancellationToken) => place.Admin.PatchAsync(
        ResourcePath.Workflows(place.Name, name),
        new MergePatchBody(new JsonObject { ["status"] = new JsonObject { ["phase"] = phase, ["nodes"] = new JsonObject { [$"{name}-1"] = node } } }),
        cancellationToken);

    private static JsonObject Load(string phase, string? output)
    {
        var node = new JsonObject { ["id"] = "load", ["name"] = "load", ["displayName"] = "load", ["type"] = "Pod", ["phase"] = phase };
        if (output is not null)
        {
            node["outputs"] = new JsonObject { ["parameters"] = new JsonArray(new JsonObject { ["name"] = TrialWorkflow.MeasurementParameter, ["value"] = output }) };
        }

        return node;
    }
}
