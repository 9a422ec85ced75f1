using System.Text.Json.Nodes;
using Tuner.Argo.Kubernetes;

namespace Tuner.Argo.Tests.Cluster;

/// <summary>A node that the API server knows and on which nothing works; only pods that tolerate it are placed there.</summary>
internal sealed class BareNode : IAsyncDisposable
{
    /// <summary>The label by which pods choose such nodes, and the taint that keeps others off them.</summary>
    public const string Kind = "test.tuner/bare";

    private readonly IKubernetesApi admin;
    private readonly string group;

    private BareNode(IKubernetesApi admin, string name, string group) => (this.admin, Name, this.group) = (admin, name, group);

    public string Name { get; }

    /// <param name="group">The value of <see cref="Kind"/>; null for one of its own.</param>
    public static async Task<BareNode> CreateAsync(IKubernetesApi admin, string? group = null)
    {
        var name = $"bare-{Guid.NewGuid().ToString("N")[..10]}";
        var node = new BareNode(admin, name, group ?? name);
        await admin.CreateAsync("api/v1/nodes", (JsonObject)JsonNode.Parse($$"""
            { "apiVersion": "v1", "kind": "Node",
              "metadata": { "name": "{{name}}", "labels": { "{{Kind}}": "{{node.group}}", "kubernetes.io/hostname": "{{name}}" } },
              "spec": { "taints": [ { "key": "{{Kind}}", "value": "{{node.group}}", "effect": "NoSchedule" } ] },
              "status": { "capacity": { "cpu": "10", "memory": "10Gi", "pods": "50" }, "allocatable": { "cpu": "10", "memory": "10Gi", "pods": "50" },
                "conditions": [ { "type": "Ready", "status": "True", "reason": "Said", "message": "so", "lastHeartbeatTime": "{{TimeProvider.System.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}}", "lastTransitionTime": "{{TimeProvider.System.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}}" } ] } }
            """)!, default);
        return node;
    }

    /// <summary>Changes the effect of its taint; <c>NoExecute</c> takes its pods away.</summary>
    public Task TaintAsync(string effect) => admin.PatchAsync($"api/v1/nodes/{Name}", new MergePatchBody(new JsonObject
    {
        ["spec"] = new JsonObject { ["taints"] = new JsonArray(new JsonObject { ["key"] = Kind, ["value"] = group, ["effect"] = effect }) },
    }), default);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await admin.DeleteAsync($"api/v1/nodes/{Name}", [], default);
        }
        catch (KubernetesException exception) when (exception.IsNotFound)
        {
            // Taken away by the test.
        }
    }
}
