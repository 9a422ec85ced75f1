using System.Text.Json.Nodes;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Rendering;

namespace Tuner.Argo.Pods;

/// <summary>Whether an object says that it is ready: workloads by their replicas, others by a condition.</summary>
internal sealed class ObjectReadiness(IKubernetesApi api, Discovery discovery, TimeProvider time)
{
    /// <summary>An operator that sets conditions has set the first by then; a kind without an operator never will.</summary>
    private static readonly TimeSpan FirstStatus = TimeSpan.FromSeconds(20);
    private readonly long start = time.GetTimestamp();

    /// <summary>Whether any object looked at has the condition that was asked for.</summary>
    public bool SawCondition { get; private set; }

    /// <summary>What is still missing; null where it is ready.</summary>
    public async Task<string?> MissingAsync(string place, string reference, string? condition, CancellationToken cancellationToken)
    {
        var parts = reference.Split('/');
        var (version, kind, name) = (string.Join('/', parts[..^2]), parts[^2], parts[^1]);
        JsonObject item;
        try
        {
            item = await api.GetAsync(await discovery.PathAsync(version, kind, place, name, cancellationToken), cancellationToken);
        }
        catch (KubernetesException exception) when (exception.IsNotFound)
        {
            return $"{kind} {name} does not exist";
        }

        SawCondition |= condition is not null && Conditions(item, condition) is not null;
        return Missing(item, condition, time.GetElapsedTime(start) > FirstStatus);
    }

    internal static string? Missing(JsonObject item, string? condition, bool statusIsDue)
    {
        var (kind, name) = (item.Text("kind"), item.Text("metadata", "name"));
        if (kind is "Deployment" or "StatefulSet" or "ReplicaSet" && item.Text("apiVersion") is "apps/v1")
        {
            return Workload(item, kind, name) ?? (condition is not null && Conditions(item, condition) is { } named ? ByCondition(kind, name, condition, named) : null);
        }

        if (IsOwn(item.Text("apiVersion")!))
        {
            return null;
        }

        var wanted = condition ?? "Ready";
        return Conditions(item, wanted) is { } found ? ByCondition(kind, name, wanted, found)
            : condition is null && statusIsDue && item.At("status", "conditions") is null ? null
            : $"{kind} {name} has no condition {wanted} yet";
    }

    private static string? Workload(JsonObject item, string? kind, string? name)
    {
        var wanted = item.Whole("spec", "replicas") ?? 1;
        var (ready, updated) = (item.Whole("status", "readyReplicas") ?? 0, item.Whole("status", "updatedReplicas") ?? item.Whole("status", "replicas") ?? 0);
        var old = (item.Whole("status", "replicas") ?? 0) - updated;
        return (item.Whole("status", "observedGeneration") ?? 0) < (item.Whole("metadata", "generation") ?? 0) ? $"{kind} {name} was not looked at by its controller yet"
            : ready < wanted || updated < wanted ? $"{kind} {name} has {ready} of {wanted} replicas ready{Why(item)}"
            : old > 0 ? $"{kind} {name} still has {old} replicas of before"
            : null;
    }

    private static string Why(JsonObject item) => item.Objects("status", "conditions").FirstOrDefault(condition => condition.Text("status") is "False" || condition.Text("type") is "ReplicaFailure") is { } bad
        ? $" ({bad.Text("reason")}: {bad.Text("message")})"
        : "";

    private static JsonObject? Conditions(JsonObject item, string type) => item.Objects("status", "conditions").FirstOrDefault(condition => condition.Text("type") == type);

    private static string? ByCondition(string? kind, string? name, string type, JsonObject condition) => condition.Text("status") is "True"
        ? null
        : $"{kind} {name} has the condition {type} = {condition.Text("status")}{(condition.Text("message") is { Length: > 0 } why ? $" ({condition.Text("reason")}: {why})" : condition.Text("reason") is { Length: > 0 } reason ? $" ({reason})" : "")}";

    /// <summary>Kinds of Kubernetes itself, other than workloads, are ready when they are there.</summary>
    private static bool IsOwn(string apiVersion) => apiVersion.Split('/') is [_] or ["apps" or "batch" or "autoscaling" or "policy" or "extensions", _] || (apiVersion.Split('/') is [var group, _] && group.EndsWith(".k8s.io", StringComparison.Ordinal));
}
