using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Tuner.Core.Sweeps;

namespace Tuner.Core.Definitions;

/// <summary>
/// What can be said about Kubernetes objects without a cluster. An owner reference reaches objects of the same namespace
/// only, so that nothing else may be part of a candidate: it would be left behind.
/// </summary>
internal static partial class ManifestCheck
{
    private static readonly ImmutableHashSet<string> ClusterScoped = ImmutableHashSet.Create(
        StringComparer.Ordinal,
        "APIService", "CertificateSigningRequest", "ClusterRole", "ClusterRoleBinding", "ClusterServingRuntime", "ClusterStorageContainer", "ClusterIssuer",
        "CSIDriver", "CSINode", "CustomResourceDefinition", "DeviceClass", "FlowSchema", "GatewayClass", "IngressClass", "MutatingWebhookConfiguration", "Namespace",
        "Node", "PersistentVolume", "PodSecurityPolicy", "PriorityClass", "PriorityLevelConfiguration", "RuntimeClass", "StorageClass", "ValidatingAdmissionPolicy",
        "ValidatingWebhookConfiguration", "VolumeAttachment", "ClusterWorkflowTemplate");

    public static void Check(ImmutableArray<ManifestDocument> documents, string @namespace, Place place, ProblemList problems)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var document in documents)
        {
            void Error(DefinitionNode node, string message) => problems.Error(place, $"{document.File}:{node.Line}: {message}");

            var root = document.Content;
            var kind = Text(root, "kind");
            foreach (var key in new[] { "apiVersion", "kind" }.Where(key => Text(root, key) is null or { Length: 0 } || Text(root, key)!.Contains("{{", StringComparison.Ordinal)))
            {
                Error(root, $"{key} is missing, or no plain text. Write it out, such as {(key == "kind" ? "kind: Deployment" : "apiVersion: apps/v1")}.");
            }

            var metadata = root.Find("metadata")?.Value as MappingNode;
            var name = metadata is null ? null : Text(metadata, "name");
            if (metadata?.Find("generateName") is not null || name is null || !ObjectName().IsMatch(Placeholder().Replace(name, "0")))
            {
                Error((DefinitionNode?)metadata ?? root, metadata?.Find("generateName") is not null
                    ? "metadata.generateName makes a new name each time, by which nothing could be found again. Write metadata.name instead; each trial adds its own suffix to it."
                    : name is null
                    ? "metadata.name is missing. Write the object's name; each trial adds its own suffix to it."
                    : $"metadata.name '{name}' is no name of an object. Write lower-case letters, digits and dashes.");
            }

            if (kind is not null && ClusterScoped.Contains(kind))
            {
                Error(root, $"{kind} '{name}' belongs to no namespace, so that it would stay behind when the trial's workflow is deleted. Create it once, outside of the sweep.");
            }

            if (kind is "Secret")
            {
                Error(root, $"Secret '{name}' would be readable in every workflow. Create it once in namespace '{@namespace}', and refer to it by its name.");
            }

            if (kind is "List" || (kind?.EndsWith("List", StringComparison.Ordinal) is true && root.Find("items") is not null))
            {
                Error(root, "a list of objects is not taken apart. Write each object as a document of its own, with a line --- between them.");
            }

            if (metadata is not null && Text(metadata, "namespace") is { } other && other != @namespace)
            {
                Error(metadata, $"metadata.namespace is '{other}', and the sweep's namespace is '{@namespace}': what lies elsewhere would stay behind when the trial's workflow is deleted. Remove it, or change target.argo.namespace.");
            }

            if (kind is not null && name is not null && !seen.TryAdd($"{Text(root, "apiVersion")}/{kind}/{name}", root.Line))
            {
                Error(root, $"{kind} '{name}' is written twice, first on line {seen[$"{Text(root, "apiVersion")}/{kind}/{name}"]}. Keep one of them.");
            }
        }
    }

    public static string? Text(MappingNode node, string key) => node.Find(key)?.Value is ScalarNode { IsEmpty: false } scalar ? scalar.Text : null;

    [GeneratedRegex(@"\{\{[^{}]*\}\}", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex ObjectName();
}
