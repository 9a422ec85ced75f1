using System.Text.Json.Nodes;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Rendering;

namespace Tuner.Argo.Installing;

/// <summary>Whether trials can run in a namespace: what the cluster has, what is installed there, and what whoever asks may do. Changes nothing.</summary>
public static class ClusterCheck
{
    private static readonly string[] ArgoKinds = ["Workflow", "WorkflowTemplate", "WorkflowTaskResult"];

    /// <exception cref="KubernetesException">The API server does not know whoever asks.</exception>
    public static async Task<IReadOnlyList<ClusterFinding>> LookAsync(IKubernetesApi api, string place, CancellationToken cancellationToken)
    {
        var discovery = new Discovery(api);
        var findings = new List<ClusterFinding> { await ArgoAsync(discovery, cancellationToken) };
        if (findings[0].Good is true)
        {
            foreach (var part in ClusterParts.For(place))
            {
                findings.Add(await PartAsync(api, discovery, part, place, cancellationToken));
            }
        }

        findings.Add(await RightsAsync(api, place, cancellationToken));
        return findings;
    }

    private static async Task<ClusterFinding> ArgoAsync(Discovery discovery, CancellationToken cancellationToken)
    {
        foreach (var kind in ArgoKinds)
        {
            if (await discovery.FindAsync("argoproj.io/v1alpha1", kind, cancellationToken) is null)
            {
                return new(false, $"the cluster has no {kind}: install Argo Workflows, 3.5 or later");
            }
        }

        return new(true, "the cluster has Argo's Workflows");
    }

    private static async Task<ClusterFinding> PartAsync(IKubernetesApi api, Discovery discovery, JsonObject part, string place, CancellationToken cancellationToken)
    {
        var (kind, name) = (part.Text("kind")!, part.Text("metadata", "name")!);
        try
        {
            var found = await api.GetAsync(await discovery.PathAsync(part.Text("apiVersion")!, kind, place, name, cancellationToken), cancellationToken);
            var image = found.Objects("spec", "templates").SelectMany(template => template.Objects("inputs", "parameters")).FirstOrDefault(parameter => parameter.Text("name") is "image").Text("value");
            return PartComparison.Differences(part, found) is { Count: > 0 } differs
                ? new(false, $"{kind} {name} is not what this version of Tuner works with ({string.Join(", ", differs.Take(3))}{(differs.Count > 3 ? $" and {differs.Count - 3} more" : "")}): run 'tuner argo install -n {place}{(image is null ? "" : $" --image {image}")}'")
                : new(true, $"{kind} {name} is there{(image is null ? "" : $", with image {image}")}");
        }
        catch (KubernetesException exception) when (exception.IsNotFound)
        {
            return new(false, $"{kind} {name} is not there: run 'tuner argo install -n {place}'");
        }
        catch (KubernetesException exception) when (exception.IsForbidden)
        {
            return new(null, $"{kind} {name}: {exception.Message}");
        }
    }

    /// <summary>Asks for every right that the Role of Tuner has.</summary>
    private static async Task<ClusterFinding> RightsAsync(IKubernetesApi api, string place, CancellationToken cancellationToken)
    {
        var missing = new List<string>();
        var rules = ClusterParts.For(place).Single(part => part.Text("kind") is "Role" && part.Text("metadata", "name") is "tuner").Objects("rules");
        foreach (var (group, resource, verb) in rules.SelectMany(rule => Words(rule, "apiGroups").SelectMany(group => Words(rule, "resources").SelectMany(resource => Words(rule, "verbs").Select(verb => (group, resource, verb))))))
        {
            var (plain, part) = resource.Split('/') is [var whole, var inner] ? (whole, inner) : (resource, "");
            var review = await api.CreateAsync("apis/authorization.k8s.io/v1/selfsubjectaccessreviews", new JsonObject
            {
                ["apiVersion"] = "authorization.k8s.io/v1",
                ["kind"] = "SelfSubjectAccessReview",
                ["spec"] = new JsonObject { ["resourceAttributes"] = new JsonObject { ["namespace"] = place, ["verb"] = verb, ["group"] = group, ["resource"] = plain, ["subresource"] = part } },
            }, cancellationToken);
            if (review.Flag("status", "allowed") is not true)
            {
                missing.Add($"{verb} {resource}{(group.Length > 0 ? $".{group}" : "")}");
            }
        }

        return missing.Count == 0
            ? new(true, $"you may do in namespace {place} what Tuner does there")
            : new(false, $"you may not, in namespace {place}: {string.Join(", ", missing)}. Let somebody bind you to the Role tuner ('tuner argo install --print' shows it)");
    }

    private static IEnumerable<string> Words(JsonObject rule, string key) => rule[key]!.AsArray().Select(word => word!.GetValue<string>());
}
