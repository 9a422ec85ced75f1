using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Tuner.Argo.Artifacts;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Rendering;

namespace Tuner.Argo.Trials;

/// <summary>One cluster as all trials share it: its client, what it knows of kinds, and one watch of each sort for a namespace.</summary>
internal sealed class ClusterSession(ClusterAccess access, ArgoOptions options)
{
    private readonly ConcurrentDictionary<string, NamespaceWatches> watches = new(StringComparer.Ordinal);

    private readonly Lazy<KeptMeasurements?> kept = new(() => options.ArgoServer() is { } server ? KeptMeasurements.Connect(server, options.Time, options.OutagePatience) : null, LazyThreadSafetyMode.PublicationOnly);

    public ClusterSession(ArgoOptions options)
        : this(options.Access(), options)
    {
    }

    public IKubernetesApi Api { get; } = KubernetesClient.Connect(access, options.Time);

    public string Source => access.Source;

    /// <summary>Where whole measurements are fetched from; null where no Argo Server is named.</summary>
    public KeptMeasurements? Kept => kept.Value;

    public Discovery Discovery => field ??= new Discovery(Api);

    public NamespaceWatches Watches(string place) => watches.GetOrAdd(place, key => new NamespaceWatches(Api, key, options));

    /// <summary>The object that a sweep's candidates are variants of, with the Services around it.</summary>
    public async Task<ExistingObject> ExistingAsync(string apiVersion, string kind, string place, string name, CancellationToken cancellationToken)
    {
        var item = await Api.GetAsync(await Discovery.PathAsync(apiVersion, kind, place, name, cancellationToken), cancellationToken);
        var services = await Api.ListAsync(ResourcePath.Services(place), labelSelector: null, fieldSelector: null, limit: null, next: null, cancellationToken);

        // Items of a list do not name their kind.
        return new ExistingObject(item, [.. services.Objects("items").Select(service => new JsonObject([new("apiVersion", "v1"), new("kind", "Service"), .. ((JsonObject)service.DeepClone()).ToArray().Select(Detached)]))]);
    }

    /// <summary>The warnings about a trial's objects, oldest first; none where they cannot be had.</summary>
    public async Task<ImmutableArray<ClusterEvent>> WarningsAsync(string place, TrialNames names, CancellationToken cancellationToken)
    {
        try
        {
            var list = await Api.ListAsync(ResourcePath.Events(place), labelSelector: null, "type=Warning", limit: null, next: null, cancellationToken);
            return
            [
                .. list.Objects("items")
                    .Where(item => item.Text("involvedObject", "name") is { } name && (name.Contains(names.Suffix, StringComparison.Ordinal) || name.StartsWith(names.Workflow, StringComparison.Ordinal)))
                    .OrderBy(item => item.Text("lastTimestamp") ?? item.Text("eventTime") ?? item.Text("metadata", "creationTimestamp"), StringComparer.Ordinal)
                    .Select(item => new ClusterEvent($"{item.Text("involvedObject", "kind")} {item.Text("involvedObject", "name")}", item.Text("reason") ?? "", item.Text("message") ?? "")),
            ];
        }
        catch (Exception exception) when (ClusterTrouble.Is(exception))
        {
            return [];
        }
    }

    /// <summary>The end of a container's log; empty where it cannot be had.</summary>
    public async Task<string> LogTailAsync(string place, string pod, string? container, bool previous, CancellationToken cancellationToken)
    {
        try
        {
            return await Api.LogAsync($"{ResourcePath.Pods(place, pod)}/log", container, 60, 16_384, previous ? "true" : "false", cancellationToken);
        }
        catch (Exception exception) when (ClusterTrouble.Is(exception))
        {
            return "";
        }
    }

    private static KeyValuePair<string, JsonNode?> Detached(KeyValuePair<string, JsonNode?> pair) => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone());
}

/// <summary>The watches of one namespace, shared by all trials in it.</summary>
internal sealed record NamespaceWatches
{
    public NamespaceWatches(IKubernetesApi api, string place, ArgoOptions options)
    {
        var mine = $"{TunerLabels.Owner}={options.Owner}";
        Workflows = new ResourceWatch(api, ResourcePath.Workflows(place), mine, TunerLabels.Trial, options.Time);
        Pods = new ResourceWatch(api, ResourcePath.Pods(place), mine, TunerLabels.Trial, options.Time);
    }

    public ResourceWatch Workflows { get; }

    public ResourceWatch Pods { get; }
}
