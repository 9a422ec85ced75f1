using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Rendering;
using Tuner.Argo.Tests.Cluster;

namespace Tuner.Argo.Tests.Standin;

/// <summary>
/// Plays Argo's controller, as the recordings of real ones show it: phases, messages, labels, no status subresource, Stop
/// and Terminate, outputs by way of workflowtaskresults with the pods' own token. Resource steps are run by kubectl, and
/// containers as processes or, where the cluster has a node, as pods; all for real.
/// </summary>
internal sealed class StandinController : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private readonly ArgoNamespace place;
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<string, Task> works = new(StringComparer.Ordinal);
    private readonly Task loop;

    private readonly StandinOptions options;

    public StandinController(ArgoNamespace place, StandinOptions? options = null)
    {
        this.place = place;
        this.options = options ?? new StandinOptions();
        loop = LoopAsync();
    }

    public StandinController(ArgoNamespace place, Func<string, IReadOnlyList<string>, IReadOnlyList<string>?> command)
        : this(place, new StandinOptions { Command = command })
    {
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(works.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task LoopAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var list = await place.Admin.ListAsync(ResourcePath.Workflows(place.Name), null, null, null, null, stop.Token);
                foreach (var item in list.Objects("items").Where(item => item.Text("metadata", "labels", "workflows.argoproj.io/completed") is not "true" && item.Text("metadata", "deletionTimestamp") is null))
                {
                    var copy = (JsonObject)item.DeepClone();
                    _ = works.GetOrAdd(item.Text("metadata", "uid")!, _ => Task.Run(() => new StandinWorkflow(place, copy, options).RunAsync(stop.Token)));
                }
            }
            catch (Exception exception) when (exception is KubernetesException or HttpRequestException)
            {
                // The API server is away; so is the controller.
            }

            await Task.Delay(Look, TimeProvider.System, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
