using System.Collections.Immutable;
using Tuner.Core.Definitions;
using Tuner.Core.Sweeps;

namespace Tuner.Service.Submitting;

/// <summary>Whether candidates on Kubernetes are such as the operator allows: where they live, what they are made of, and what their pods may reach. Pure.</summary>
internal static class ManifestAdmission
{
    /// <summary>Keys of a pod with which it would reach beyond itself: the node, or another account's rights.</summary>
    private static readonly ImmutableHashSet<string> Beyond = ImmutableHashSet.Create(
        StringComparer.Ordinal, "hostNetwork", "hostPID", "hostIPC", "hostPath", "privileged", "allowPrivilegeEscalation", "serviceAccountName", "serviceAccount", "nodeName", "ownerReferences", "finalizers");

    private const string UsualAccount = "tuner-trial";

    /// <summary>Every reason why not, with its cure.</summary>
    public static IEnumerable<string> Problems(Target.Argo target, OperatorRules rules)
    {
        if (!rules.Namespaces.Contains(target.Namespace, StringComparer.Ordinal))
        {
            yield return $"puts candidates into the namespace '{target.Namespace}', and this service {(rules.Namespaces.IsEmpty ? "puts them into none" : $"allows {string.Join(", ", rules.Namespaces)}")}. Its operator allows one with: tuner serve --allow-namespace {target.Namespace}.";
        }

        foreach (var kind in Kinds(target.Source).Where(kind => !rules.Kinds.Contains(kind, StringComparer.Ordinal)).Distinct(StringComparer.Ordinal))
        {
            yield return $"makes objects of kind {kind}, and this service allows {string.Join(", ", rules.Kinds)}. Its operator allows another with: tuner serve --allow-kind {kind}.";
        }

        foreach (var key in Documents(target.Source).SelectMany(document => Keys(document.Content)).Where(Beyond.Contains).Distinct(StringComparer.Ordinal))
        {
            yield return $"sets {key}, with which a candidate would reach beyond itself. Leave it out.";
        }

        if (target.Load.Url is not null)
        {
            yield return "sends load to an address, and from here it goes to candidates' own services only. Name target.argo.load.service instead.";
        }

        if (target.Load.Image is not null || !string.Equals(target.ServiceAccount, UsualAccount, StringComparison.Ordinal))
        {
            yield return $"names an image or an account for the workflow's own pods, which the operator chooses. Leave out load.image and serviceAccount (it is {UsualAccount}).";
        }
    }

    private static IEnumerable<string> Kinds(ArgoSource source) => source switch
    {
        ArgoSource.Existing existing => [existing.Kind],
        _ => Documents(source).Select(document => document.Content.Find("kind")?.Value is ScalarNode kind ? kind.Text : ""),
    };

    private static ImmutableArray<ManifestDocument> Documents(ArgoSource source) => source switch
    {
        ArgoSource.Manifest manifest => manifest.Documents,
        ArgoSource.Existing { Patch: { } patch } => [patch],
        _ => [],
    };

    private static IEnumerable<string> Keys(DefinitionNode node) => node switch
    {
        // What is switched off is only a promise.
        MappingNode mapping => mapping.Entries.Where(entry => entry.Value is not ScalarNode { Text: "false" }).SelectMany(entry => Keys(entry.Value).Prepend(entry.Key.Text)),
        SequenceNode sequence => sequence.Items.SelectMany(Keys),
        _ => [],
    };
}
