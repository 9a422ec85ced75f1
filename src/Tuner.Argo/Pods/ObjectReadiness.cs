using System.Text.Json.Nodes;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Rendering;

namespace Tuner.Argo.Pods;

/// <summary>Whether an object says that it is ready: workloads by their replicas, others by a condition.</summary>
internal sealed class ObjectReadiness(IKubernetesApi api, Discovery discovery, TimeProvider time)
{
    /// <summary>An operator that sets conditions has set the first by then; a kind without an operator never will.</summary>
    private static readonly TimeSpan FirstStatus = TimeSpan.FromSeconds(20);

    /// <summary>An account or a policy that comes with the candidate may come a moment after its pods are asked for.</summary>
    private static readonly TimeSpan StaysRefused = TimeSpan.FromSeconds(20);
    private readonly long start = time.GetTimestamp();
    private readonly Dictionary<string, long> refusedSince = new(StringComparer.Ordinal);

    /// <summary>Whether any object looked at has the condition that was asked for.</summary>
    public bool SawCondition { get; private set; }

    /// <summary>Why no pod of an object is let in, where that has been so for a while; null where pods are made.</summary>
    public string? Refused { get; private set; }

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
        Remember(reference, item);
        return Missing(item, condition, time.GetElapsedTime(start) > FirstStatus);
    }

    private void Remember(string reference, JsonObject item)
    {
        if (Refusal(item) is not { } refusal)
        {
            refusedSince.Remove(reference);
            return;
        }

        refusedSince.TryAdd(reference, time.GetTimestamp());
        Refused = time.GetElapsedTime(refusedSince[reference]) > StaysRefused ? refusal : null;
    }

    internal static string? Missing(JsonObject item, string? condition, bool statusIsDue)
    {
        var (kind, name) = (item.Text("kind"), item.Text("metadata", "name"));
        if (kind is "Deployment" or "StatefulSet" or "ReplicaSet" && item.Text("apiVersion") is "apps/v1")
        {
            return Workload(item, kind, name) ?? (condition is not null && Conditions(item, condition) is { } named ? ByCondition(kind, name, condition, named) : null);
        }

        if (kind is "Job")
        {
            return Conditions(item, "Complete").Text("status") is "True" ? null : $"Job {name} is not complete{(Conditions(item, "Failed") is { } failed ? $" ({failed.Text("reason")}: {failed.Text("message")})" : "")}";
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

    // Why no pod can be made says more than that there is none.
    private static string Why(JsonObject item) => (ReplicaFailure(item) ?? item.Objects("status", "conditions").FirstOrDefault(condition => condition.Text("status") is "False")) is { } bad
        ? $" ({bad.Text("reason")}: {bad.Text("message")})"
        : "";

    private static JsonObject? ReplicaFailure(JsonObject item) => Conditions(item, "ReplicaFailure") is { } failure && failure.Text("status") is "True" ? failure : null;

    /// <summary>What the API server says to the candidate's pods, where asking again does not help; a quota may have room later.</summary>
    private static string? Refusal(JsonObject item) => ReplicaFailure(item).Text("message") is { } said && (said.Contains("is forbidden", StringComparison.Ordinal) || said.Contains("denied the request", StringComparison.Ordinal))
        && !said.Contains("quota", StringComparison.OrdinalIgnoreCase) ? said : null;

    private static JsonObject? Conditions(JsonObject item, string type) => item.Objects("status", "conditions").FirstOrDefault(condition => condition.Text("type") == type);

    private static string? ByCondition(string? kind, string? name, string type, JsonObject condition) => condition.Text("status") is "True"
        ? null
        : $"{kind} {name} has the condition {type} = {condition.Text("status")}{(condition.Text("message") is { Length: > 0 } why ? $" ({condition.Text("reason")}: {why})" : condition.Text("reason") is { Length: > 0 } reason ? $" ({reason})" : "")}";

    /// <summary>Kinds of Kubernetes itself, other than workloads, are ready when they are there.</summary>
    private static bool IsOwn(string apiVersion) => apiVersion.Split('/') is [_] or ["apps" or "batch" or "autoscaling" or "policy" or "extensions", _] || (apiVersion.Split('/') is [var group, _] && group.EndsWith(".k8s.io", StringComparison.Ordinal));
}
