using System.Text.Json.Nodes;
using System.Threading.Channels;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Rendering;

namespace Tuner.Argo.Trials;

/// <summary>What happens to one trial in the cluster: its Workflow, its candidate's pods, troubles with the API server, and time passing.</summary>
internal sealed class TrialWatch : IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);
    private readonly Channel<string> changes = Channel.CreateUnbounded<string>();
    private readonly CancellationTokenSource life = new();
    private readonly Lock gate = new();
    private readonly Dictionary<string, JsonObject> pods = new(StringComparer.Ordinal);
    private readonly Task following;
    private readonly ITimer beat;
    private readonly TimeProvider time;
    private JsonObject? workflow;
    private bool deleted;
    private bool synced;
    private ResourceEvent.Trouble? trouble;

    public TrialWatch(NamespaceWatches watches, string workflowName, TimeProvider time)
    {
        this.time = time;
        following = Task.WhenAll(FollowAsync(watches.Workflows, workflowName, OnWorkflow), FollowAsync(watches.Pods, workflowName, OnPod));
        beat = time.CreateTimer(_ => changes.Writer.TryWrite("time"), null, Beat, Beat);
    }

    /// <summary>What is known now.</summary>
    public TrialSight Sight()
    {
        lock (gate)
        {
            return new TrialSight(workflow is null ? null : WorkflowStatus.Of(workflow), deleted || (synced && workflow is null), [.. pods.Values], trouble);
        }
    }

    /// <summary>What is known each time that something happened, and now and then, until the token is cancelled.</summary>
    public async IAsyncEnumerable<TrialSight> SightsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return Sight();
        while (await changes.Reader.WaitToReadAsync(cancellationToken))
        {
            while (changes.Reader.TryRead(out _))
            {
                // Several changes are looked at as one.
            }

            yield return Sight();
        }
    }

    /// <summary>Remembers an object that was just written, before the watch tells of it.</summary>
    public void Written(JsonObject item)
    {
        lock (gate)
        {
            workflow ??= item;
            deleted = false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await beat.DisposeAsync();
        await life.CancelAsync();
        await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        life.Dispose();
    }

    private async Task FollowAsync(ResourceWatch watch, string key, Action<ResourceEvent> put)
    {
        await foreach (var news in watch.FollowAsync(key, life.Token))
        {
            lock (gate)
            {
                put(news);
            }

            changes.Writer.TryWrite("news");
        }
    }

    private void OnWorkflow(ResourceEvent news)
    {
        switch (news)
        {
            case ResourceEvent.Changed changed:
                (workflow, deleted, trouble) = (changed.Item, false, null);
                break;
            case ResourceEvent.Deleted:
                deleted = true;
                break;
            case ResourceEvent.Synced:
                (synced, trouble) = (true, null);
                break;
            case ResourceEvent.Trouble problem:
                trouble = problem;
                break;
        }
    }

    private void OnPod(ResourceEvent news)
    {
        switch (news)
        {
            case ResourceEvent.Changed changed:
                pods[changed.Item.Text("metadata", "name")!] = changed.Item;
                break;
            case ResourceEvent.Deleted gone:
                var ghost = (JsonObject)gone.Item.DeepClone();
                ghost.Child("metadata")["deletionTimestamp"] ??= time.GetUtcNow().ToString("O");
                pods[gone.Item.Text("metadata", "name")!] = ghost;
                break;
        }
    }
}

/// <summary>A trial in the cluster at one moment.</summary>
/// <param name="Gone">The Workflow is not there any more.</param>
/// <param name="Pods">Of candidate and steps alike.</param>
internal sealed record TrialSight(WorkflowStatus? Workflow, bool Gone, IReadOnlyList<JsonObject> Pods, ResourceEvent.Trouble? Trouble)
{
    public IEnumerable<JsonObject> Candidate => Pods.Where(pod => pod.Text("metadata", "labels", TunerLabels.Role) is not TunerLabels.Step);

    public IEnumerable<JsonObject> Steps => Pods.Where(pod => pod.Text("metadata", "labels", TunerLabels.Role) is TunerLabels.Step);

    /// <summary>The load has begun and has not ended.</summary>
    public bool UnderLoad => Workflow?.Pods(TrialWorkflow.LoadStep).Any(node => node.Phase is "Pending" or "Running") is true;
}
