using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Rendering;
using Tuner.Argo.Tests.Cluster;

namespace Tuner.Argo.Tests.Standin;

/// <summary>The status of one Workflow as the controller keeps it: its nodes, by number, in the object itself.</summary>
internal sealed class StandinStatus(ArgoNamespace place, JsonObject workflow)
{
    private const int Attempts = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly string name = workflow.Text("metadata", "name")!;
    private readonly JsonObject nodes = [];
    private readonly SemaphoreSlim writing = new(1, 1);

    public JsonObject Node(string path, string shown, string type, string? template, string phase = "Running")
    {
        lock (nodes)
        {
            var id = path == name ? name : $"{name}-{Hash(path)}";
            var node = new JsonObject
            {
                ["id"] = id,
                ["name"] = path,
                ["displayName"] = shown,
                ["type"] = type,
                ["phase"] = phase,
                ["startedAt"] = Now(),
                ["finishedAt"] = null,
                ["templateScope"] = $"local/{name}",
            };
            if (template is not null)
            {
                node["templateName"] = template;
            }

            nodes[id] = node;
            return node;
        }
    }

    public void End(JsonObject node, string phase, string? message) => Change(() =>
    {
        node["phase"] = phase;
        node["finishedAt"] = Now();
        if (message is not null)
        {
            node["message"] = message;
        }
    });

    public void Change(Action change)
    {
        lock (nodes)
        {
            change();
        }
    }

    /// <summary>Writes the status into the object itself, as the real controller does: there is no subresource.</summary>
    public async Task WriteAsync(string phase, string? message, CancellationToken cancellationToken)
    {
        await writing.WaitAsync(cancellationToken);
        try
        {
            JsonObject copy;
            lock (nodes)
            {
                copy = (JsonObject)nodes.DeepClone();
            }

            var done = phase is "Succeeded" or "Failed" or "Error";
            var status = new JsonObject { ["phase"] = phase, ["startedAt"] = workflow.Text("metadata", "creationTimestamp"), ["finishedAt"] = done ? Now() : null, ["nodes"] = copy };
            if (message is not null)
            {
                status["message"] = message;
            }

            var patch = new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["labels"] = new JsonObject { ["workflows.argoproj.io/phase"] = phase, ["workflows.argoproj.io/completed"] = done ? "true" : "false" },
                    ["annotations"] = new JsonObject { ["workflows.argoproj.io/pod-name-format"] = "v2" },
                },
                ["status"] = status,
            };
            await PatchAsync(patch, cancellationToken);
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>A server that is busy or away for a moment is asked again, by the real controller too.</summary>
    public static bool IsPassing(Exception exception) => exception is HttpRequestException or KubernetesException { IsPassing: true } or KubernetesException { IsConflict: true };

    private async Task PatchAsync(JsonObject patch, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await place.Admin.PatchAsync(ResourcePath.Workflows(place.Name, name), new MergePatchBody((JsonObject)patch.DeepClone()), cancellationToken);
                return;
            }
            catch (Exception exception) when (IsPassing(exception) && attempt < Attempts)
            {
                await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            }
        }
    }

    private static string Now() => TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    // FNV-1a over the node's name, as Argo numbers them.
    public static uint Hash(string text)
    {
        var hash = 2_166_136_261u;
        foreach (var part in Encoding.UTF8.GetBytes(text))
        {
            hash = unchecked((hash ^ part) * 16_777_619u);
        }

        return hash;
    }
}
