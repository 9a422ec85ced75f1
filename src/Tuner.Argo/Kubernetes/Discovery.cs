using System.Collections.Concurrent;
using Tuner.Argo.Rendering;

namespace Tuner.Argo.Kubernetes;

/// <summary>What the API server calls a kind in its paths, and whether its objects belong to a namespace.</summary>
public sealed record ResourceKind(string Plural, bool Namespaced);

/// <summary>Asks the API server about kinds, and remembers the answers.</summary>
public sealed class Discovery(IKubernetesApi api)
{
    private readonly ConcurrentDictionary<(string ApiVersion, string Kind), ResourceKind> known = new();

    /// <summary>Null where the cluster does not have the kind.</summary>
    public async Task<ResourceKind?> FindAsync(string apiVersion, string kind, CancellationToken cancellationToken)
    {
        if (known.TryGetValue((apiVersion, kind), out var remembered))
        {
            return remembered;
        }

        try
        {
            var list = await api.GetAsync(ResourcePath.Root(apiVersion), cancellationToken);
            foreach (var item in list.Objects("resources").Where(item => item.Text("name")?.Contains('/', StringComparison.Ordinal) is false))
            {
                known[(apiVersion, item.Text("kind")!)] = new ResourceKind(item.Text("name")!, item.Flag("namespaced") is true);
            }
        }
        catch (KubernetesException exception) when (exception.IsNotFound)
        {
            return null;
        }

        return known.GetValueOrDefault((apiVersion, kind));
    }

    /// <summary>The path of an object.</summary>
    /// <exception cref="ClusterAccessException">The cluster does not have the kind, or it belongs to no namespace.</exception>
    public async Task<string> PathAsync(string apiVersion, string kind, string place, string name, CancellationToken cancellationToken) => await FindAsync(apiVersion, kind, cancellationToken) switch
    {
        null => throw new ClusterAccessException($"The cluster has no kind {kind} in {apiVersion}. Install what brings it, or correct apiVersion and kind."),
        { Namespaced: false } => throw new ClusterAccessException($"{kind} '{name}' belongs to no namespace, so that it would stay behind when its trial is removed. Create it once, outside of the sweep."),
        { Plural: var plural } => ResourcePath.Of(apiVersion, place, plural, name),
    };
}
