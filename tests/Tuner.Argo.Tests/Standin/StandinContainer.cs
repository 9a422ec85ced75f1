using System.Text;
using System.Text.Json.Nodes;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Rendering;
using Tuner.Argo.Tests.Cluster;

namespace Tuner.Argo.Tests.Standin;

/// <summary>
/// A container step as a pod of the cluster, put together as Argo does it: the step's container under a small parent that
/// keeps its outputs, a second container that waits for them, raw artifacts mounted as files. The outputs are read from
/// the second one's log.
/// </summary>
internal sealed class StandinContainer(ArgoNamespace place, JsonObject workflow, JsonObject template, string id, string folder)
{
    /// <summary>The exit code that stands for a pod which went away.</summary>
    public const int Deleted = -1;

    private const string Busybox = "tuner.test/busybox:1";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private readonly string[] outputs = [.. template.Objects("outputs", "parameters").Select(output => output.Text("valueFrom", "path")!)];

    private string Workflow => workflow.Text("metadata", "name")!;

    public async Task<(int Code, string Said)> RunAsync(Func<string, string> fill, IReadOnlyDictionary<string, string> artifacts, CancellationToken cancellationToken)
    {
        var filled = (JsonObject)Filled(template, fill)!;
        if (artifacts.Count > 0)
        {
            await place.Admin.CreateAsync(ResourcePath.ConfigMaps(place.Name), Owned("v1", "ConfigMap", new JsonObject { ["data"] = TrialWorkflow.Json(artifacts) }), cancellationToken);
        }

        await place.Admin.CreateAsync(ResourcePath.Pods(place.Name), Pod(filled, artifacts), cancellationToken);
        try
        {
            return await EndAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await QuietlyDeleteAsync();
            throw;
        }
    }

    private async Task<(int Code, string Said)> EndAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            JsonObject pod;
            try
            {
                pod = await place.Admin.GetAsync(ResourcePath.Pods(place.Name, id), cancellationToken);
            }
            catch (KubernetesException exception) when (exception.IsNotFound)
            {
                return (Deleted, "pod deleted");
            }

            if (pod.Text("status", "reason") is "Evicted" or "Shutdown")
            {
                return (Deleted, pod.Text("status", "message") ?? "Evicted");
            }

            var states = pod.Objects("status", "containerStatuses").ToDictionary(container => container.Text("name")!, container => container.At("state", "terminated"), StringComparer.Ordinal);
            if (states.GetValueOrDefault("main") is { } main && (states.GetValueOrDefault("wait") is not null || main.Whole("exitCode") > 128))
            {
                await ReadOutputsAsync(cancellationToken);
                return ((int)(main.Whole("exitCode") ?? 1), "");
            }

            await Task.Delay(Look, TimeProvider.System, cancellationToken);
        }
    }

    private async Task ReadOutputsAsync(CancellationToken cancellationToken)
    {
        var log = await place.Admin.LogAsync($"{ResourcePath.Pods(place.Name, id)}/log", "wait", 1_000, 4_000_000, "false", cancellationToken);
        foreach (var line in log.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split(' ') is [var path, var content])
            {
                var file = folder + path;
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                await File.WriteAllBytesAsync(file, Convert.FromBase64String(content), cancellationToken);
            }
        }
    }

    private JsonObject Pod(JsonObject filled, IReadOnlyDictionary<string, string> artifacts)
    {
        var main = (JsonObject)filled["container"]!.DeepClone();
        var words = main["command"]!.AsArray().Concat(main["args"] as JsonArray ?? []).Select(word => word!.DeepClone());
        var kept = string.Concat(outputs.Select((path, index) => $"if [ -f {path} ]; then /var/run/argo/busybox cp {path} /var/run/argo/output-{index}; fi; "));
        main["name"] = "main";
        main["command"] = new JsonArray("/var/run/argo/busybox", "sh", "-c", $"\"$@\"; code=$?; {kept}echo $code > /var/run/argo/exitcode; exit $code", "sh");
        main["args"] = new JsonArray([.. words]);
        var mounts = main["volumeMounts"] as JsonArray ?? [];
        main["volumeMounts"] = new JsonArray([
            .. mounts.Select(mount => mount!.DeepClone()),
            Mount("argo", "/var/run/argo", null),
            .. filled.Objects("inputs", "artifacts").Select(artifact => Mount("artifacts", artifact.Text("path")!, artifact.Text("name"))),
        ]);
        var told = string.Concat(outputs.Select((path, index) => $"if [ -f /var/run/argo/output-{index} ]; then echo \"{path} $(base64 -w0 /var/run/argo/output-{index})\"; fi; "));
        var spec = new JsonObject
        {
            ["restartPolicy"] = "Never",
            ["terminationGracePeriodSeconds"] = 2,
            ["serviceAccountName"] = workflow.Text("spec", "serviceAccountName"),
            ["securityContext"] = workflow.At("spec", "securityContext")?.DeepClone(),
            ["initContainers"] = new JsonArray(Small("init", "cp /bin/busybox /var/run/argo/busybox")),
            ["containers"] = new JsonArray(main, Small("wait", $"while [ ! -f /var/run/argo/exitcode ]; do sleep 0.2; done; {told}")),
            ["volumes"] = new JsonArray([
                .. filled.Objects("volumes").Select(volume => volume.DeepClone()),
                new JsonObject { ["name"] = "argo", ["emptyDir"] = new JsonObject() },
                .. artifacts.Count == 0 ? [] : new[] { new JsonObject { ["name"] = "artifacts", ["configMap"] = new JsonObject { ["name"] = id } } },
            ]),
        };
        foreach (var placement in new[] { "affinity", "nodeSelector", "tolerations" })
        {
            if (filled[placement] is { } wanted)
            {
                spec[placement] = wanted.DeepClone();
            }
        }

        return Owned("v1", "Pod", new JsonObject { ["spec"] = spec });
    }

    private JsonObject Owned(string apiVersion, string kind, JsonObject rest)
    {
        var labels = new JsonObject { ["workflows.argoproj.io/workflow"] = Workflow };
        foreach (var (key, value) in workflow.At("spec", "podMetadata", "labels").Texts().Concat(template.At("metadata", "labels").Texts()))
        {
            labels[key] = value;
        }

        rest["apiVersion"] = apiVersion;
        rest["kind"] = kind;
        rest["metadata"] = new JsonObject
        {
            ["name"] = id,
            ["labels"] = labels,
            ["annotations"] = new JsonObject { ["workflows.argoproj.io/node-id"] = id },
            ["ownerReferences"] = new JsonArray(new JsonObject { ["apiVersion"] = "argoproj.io/v1alpha1", ["kind"] = "Workflow", ["name"] = Workflow, ["uid"] = workflow.Text("metadata", "uid"), ["controller"] = true, ["blockOwnerDeletion"] = true }),
        };
        return rest;
    }

    private static JsonObject Small(string name, string script) => new()
    {
        ["name"] = name,
        ["image"] = Busybox,
        ["command"] = new JsonArray("sh", "-c", script),
        ["volumeMounts"] = new JsonArray(Mount("argo", "/var/run/argo", null)),
    };

    private static JsonObject Mount(string volume, string path, string? part)
    {
        var mount = new JsonObject { ["name"] = volume, ["mountPath"] = path };
        if (part is not null)
        {
            mount["subPath"] = part;
        }

        return mount;
    }

    private static JsonNode? Filled(JsonNode? node, Func<string, string> fill) => node switch
    {
        JsonObject item => new JsonObject(item.Where(pair => pair.Key is not "arguments").Select(pair => KeyValuePair.Create(pair.Key, Filled(pair.Value, fill)))),
        JsonArray items => new JsonArray([.. items.Select(item => Filled(item, fill))]),
        JsonValue value when value.TryGetValue<string>(out var text) => JsonValue.Create(fill(text)),
        _ => node?.DeepClone(),
    };

    private async Task QuietlyDeleteAsync()
    {
        try
        {
            await place.Admin.DeleteAsync(ResourcePath.Pods(place.Name, id), [], CancellationToken.None);
        }
        catch (KubernetesException)
        {
            // Gone with its Workflow.
        }
    }
}
