using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Tuner.Argo.Rendering;

namespace Tuner.Argo.Kubernetes;

/// <summary>
/// One list and watch for many followers: each hears of the objects that carry its value of a label. Begins with the first
/// follower and ends with the last. It survives what watches meet: their regular end, versions that are too old
/// (410 Gone: list again), connections that break or say nothing any more, a server that is away.
/// </summary>
public sealed class ResourceWatch(IKubernetesApi api, string path, string labelSelector, string keyLabel, TimeProvider time)
{
    private const int PageSize = 250;
    private static readonly TimeSpan WatchFor = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);
    private readonly Lock gate = new();
    private readonly Dictionary<string, JsonObject> items = new(StringComparer.Ordinal);
    private readonly List<Follower> followers = [];
    private bool synced;
    private CancellationTokenSource? stop;

    /// <summary>Lists so far, for tests and telemetry.</summary>
    public int Lists { get; private set; }

    /// <summary>The events of the objects whose label has this value, beginning with those that are there; until the token is cancelled.</summary>
    public async IAsyncEnumerable<ResourceEvent> FollowAsync(string key, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var follower = new Follower(key, Channel.CreateUnbounded<ResourceEvent>());
        lock (gate)
        {
            followers.Add(follower);
            foreach (var item in items.Values)
            {
                follower.Tell(item, new ResourceEvent.Changed(item), keyLabel);
            }

            if (synced)
            {
                follower.Events.Writer.TryWrite(new ResourceEvent.Synced());
            }

            if (stop is null)
            {
                stop = new CancellationTokenSource();
                _ = RunAsync(stop.Token);
            }
        }

        try
        {
            await foreach (var next in follower.Events.Reader.ReadAllAsync(cancellationToken))
            {
                yield return next;
            }
        }
        finally
        {
            lock (gate)
            {
                followers.Remove(follower);
                if (followers.Count == 0 && stop is not null)
                {
                    stop.Cancel();
                    stop = null;
                    synced = false;
                    items.Clear();
                }
            }
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        string? version = null;
        var failures = 0;
        var troubledSince = 0L;

        // Only an answer ends a time of trouble: one try after the other may fail, and that time counts.
        void Answered()
        {
            if (failures > 0)
            {
                failures = 0;
                Tell(new ResourceEvent.Synced());
            }
        }

        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                version ??= await ListAsync(cancellationToken);
                version = await WatchAsync(version, Answered, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (KubernetesException exception) when (exception.IsGone)
            {
                version = null;
            }
            catch (Exception exception) when (ClusterTrouble.Is(exception) || exception is JsonException or OperationCanceledException)
            {
                troubledSince = failures == 0 ? time.GetTimestamp() : troubledSince;
                failures++;
                var denied = exception is KubernetesException { IsForbidden: true } or KubernetesException { IsUnauthorized: true };
                Tell(new ResourceEvent.Trouble(Words(exception), denied, time.GetElapsedTime(troubledSince)) { Unknown = exception is KubernetesException { IsUnauthorized: true } });
                var pause = TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, 0.25 * Math.Pow(2, Math.Min(failures, 10))));
                await Task.Delay(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<string> ListAsync(CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        string? next = null;
        JsonObject page;
        do
        {
            page = await api.ListAsync(path, labelSelector, fieldSelector: null, PageSize, next, cancellationToken);
            foreach (var item in page.Objects("items"))
            {
                found[item.Text("metadata", "name") ?? ""] = item;
            }

            next = page.Text("metadata", "continue");
        }
        while (next is { Length: > 0 });

        lock (gate)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Lists++;
            foreach (var gone in items.Where(pair => !found.TryGetValue(pair.Key, out var same) || same.Text("metadata", "uid") != pair.Value.Text("metadata", "uid")).ToArray())
            {
                Put(gone.Value, deleted: true);
            }

            foreach (var item in found.Values)
            {
                Put(item, deleted: false);
            }

            if (!synced)
            {
                synced = true;
                Tell(new ResourceEvent.Synced());
            }
        }

        return page.Text("metadata", "resourceVersion") ?? "";
    }

    /// <summary>Reads events until the watch ends; returns the version to go on from.</summary>
    private async Task<string> WatchAsync(string version, Action answered, CancellationToken cancellationToken)
    {
        using var response = await api.WatchAsync(path, labelSelector, version, (int)WatchFor.TotalSeconds, "1", "true", cancellationToken);
        if (response.StatusCode is not HttpStatusCode.OK)
        {
            throw new HttpRequestException($"the watch was answered with {(int)response.StatusCode}");
        }

        answered();

        // A connection that died without a word would keep us waiting for ever: the server ends each watch in time, which is
        // short, so that a silent one is found out before a trial has ended unseen.
        using var silent = new CancellationTokenSource(WatchFor + Silence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silent.Token, cancellationToken);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(either.Token));
        while (await lines.ReadLineAsync(either.Token) is { } line)
        {
            if (line.Length == 0 || JsonNode.Parse(line) is not JsonObject said || said["object"] is not JsonObject item)
            {
                continue;
            }

            if (said.Text("type") is "ERROR")
            {
                throw new KubernetesException((HttpStatusCode)(item.Whole("code") ?? 500), item.Text("reason") ?? "", item.Text("message") ?? "the watch failed");
            }

            version = item.Text("metadata", "resourceVersion") ?? version;
            if (said.Text("type") is not "BOOKMARK")
            {
                said["object"] = null;
                lock (gate)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    Put(item, said.Text("type") is "DELETED");
                }
            }
        }

        return version;
    }

    private void Put(JsonObject item, bool deleted)
    {
        var name = item.Text("metadata", "name") ?? "";
        if (deleted)
        {
            items.Remove(name);
        }
        else if (items.TryGetValue(name, out var before) && before.Text("metadata", "resourceVersion") == item.Text("metadata", "resourceVersion"))
        {
            return;
        }
        else
        {
            items[name] = item;
        }

        Settle(item);
        foreach (var follower in followers)
        {
            follower.Tell(item, deleted ? new ResourceEvent.Deleted(item) : new ResourceEvent.Changed(item), keyLabel);
        }
    }

    /// <summary>JSON nodes unfold when they are first read; done here, so that several may read them at once.</summary>
    private static void Settle(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject item:
                foreach (var (_, child) in item)
                {
                    Settle(child);
                }

                break;
            case JsonArray items:
                foreach (var child in items)
                {
                    Settle(child);
                }

                break;
        }
    }

    private void Tell(ResourceEvent news)
    {
        lock (gate)
        {
            foreach (var follower in followers)
            {
                follower.Events.Writer.TryWrite(news);
            }
        }
    }

    private static string Words(Exception exception) => exception is OperationCanceledException ? "the API server said nothing for too long" : exception.Message;

    private sealed record Follower(string Key, Channel<ResourceEvent> Events)
    {
        public void Tell(JsonObject item, ResourceEvent news, string label)
        {
            if (item.Text("metadata", "labels", label) == Key)
            {
                Events.Writer.TryWrite(news);
            }
        }
    }
}
