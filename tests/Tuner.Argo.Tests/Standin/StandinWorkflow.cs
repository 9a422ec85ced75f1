using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Rendering;
using Tuner.Argo.Tests.Cluster;

namespace Tuner.Argo.Tests.Standin;

/// <summary>One Workflow, from its first status to its last.</summary>
internal sealed partial class StandinWorkflow(ArgoNamespace place, JsonObject workflow, Func<string, IReadOnlyList<string>, IReadOnlyList<string>?>? command)
{
    private readonly string name = workflow.Text("metadata", "name")!;
    private readonly JsonObject nodes = [];
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly CancellationTokenSource ended = new();
    private string? shutdown;
    private bool deadline;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await InvalidAsync(cancellationToken) is { } invalid)
            {
                await WriteAsync("Failed", $"invalid spec: {invalid}", cancellationToken);
                return;
            }

            await WriteAsync("Running", null, cancellationToken);
            using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var shutdownSeen = WatchShutdownAsync(watching.Token);
            var failure = await StepsAsync(name, workflow.Text("spec", "entrypoint")!, cancellationToken);
            if (shutdown is not "Terminate")
            {
                await StepsAsync($"{name}.onExit", workflow.Text("spec", "onExit")!, cancellationToken);
            }

            await watching.CancelAsync();
            await shutdownSeen.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await WriteAsync(failure is null ? "Succeeded" : "Failed", shutdown is { } strategy ? $"Stopped with strategy '{strategy}'" : failure, cancellationToken);
        }
        catch (KubernetesException exception) when (exception.IsNotFound)
        {
            // Deleted by hand: the controller forgets it, and its pods go with their owner.
            await ended.CancelAsync();
        }
    }

    private async Task<string?> InvalidAsync(CancellationToken cancellationToken)
    {
        var known = workflow.Objects("spec", "templates").Select(template => template.Text("name")).ToHashSet(StringComparer.Ordinal);
        foreach (var entry in new[] { workflow.Text("spec", "entrypoint"), workflow.Text("spec", "onExit") }.Where(entry => !known.Contains(entry)))
        {
            return $"template name '{entry}' undefined";
        }

        foreach (var step in workflow.Objects("spec", "templates").SelectMany(template => (template["steps"] as JsonArray ?? []).OfType<JsonArray>().SelectMany(group => group.OfType<JsonObject>())))
        {
            if (step.Text("template") is { } local && !known.Contains(local))
            {
                return $"template name '{local}' undefined";
            }

            if (step.Text("templateRef", "name") is { } reference)
            {
                try
                {
                    var found = await place.Admin.GetAsync(ResourcePath.WorkflowTemplates(place.Name, reference), cancellationToken);
                    if (!found.Objects("spec", "templates").Any(template => template.Text("name") == step.Text("templateRef", "template")))
                    {
                        return $"template reference {reference}.{step.Text("templateRef", "template")} not found";
                    }
                }
                catch (KubernetesException exception) when (exception.IsNotFound)
                {
                    return $"templates.trial.steps: template reference {reference}.{step.Text("templateRef", "template")} not found";
                }
            }
        }

        return null;
    }

    /// <summary>Runs a steps template; the message of its failure, or null.</summary>
    private async Task<string?> StepsAsync(string path, string template, CancellationToken cancellationToken)
    {
        var onExit = path.EndsWith(".onExit", StringComparison.Ordinal);
        var root = Node(path, path, "Steps", template);
        var outputs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (index, group) in Template(template)["steps"]!.AsArray().Index())
        {
            var groupNode = Node($"{path}[{index.ToString(CultureInfo.InvariantCulture)}]", $"[{index.ToString(CultureInfo.InvariantCulture)}]", "StepGroup", null);
            var pods = group!.AsArray().OfType<JsonObject>().SelectMany(step => Expanded(step)).ToArray();
            var running = pods.Select(step => PodAsync($"{path}[{index.ToString(CultureInfo.InvariantCulture)}].", step, outputs, onExit, cancellationToken)).ToArray();
            await WriteAsync("Running", null, cancellationToken);
            var results = await Task.WhenAll(running);
            foreach (var (step, pod) in results)
            {
                foreach (var output in pod.Objects("outputs", "parameters"))
                {
                    outputs[$"steps.{step}.outputs.parameters.{output.Text("name")}"] = output.Text("value") ?? "";
                }
            }

            if (results.FirstOrDefault(result => result.Pod.Text("phase") is "Failed").Pod is { } failed)
            {
                var message = $"child '{failed.Text("id")}' failed";
                End(groupNode, "Failed", message);
                End(root, "Failed", message);
                await WriteAsync("Running", null, cancellationToken);
                return message;
            }

            End(groupNode, "Succeeded", null);
        }

        End(root, "Succeeded", null);
        return null;
    }

    private static IEnumerable<(JsonObject Step, string? Item)> Expanded(JsonObject step)
    {
        if (step.Text("withSequence", "count") is not { } count)
        {
            return [(step, null)];
        }

        return Enumerable.Range(0, int.Parse(count, CultureInfo.InvariantCulture)).Select(index => (step, (string?)index.ToString(CultureInfo.InvariantCulture)));
    }

    private async Task<(string Step, JsonObject Pod)> PodAsync(string path, (JsonObject Step, string? Item) work, IReadOnlyDictionary<string, string> outputs, bool onExit, CancellationToken cancellationToken)
    {
        var stepName = work.Step.Text("name")!;
        var shown = work.Item is { } item ? $"{stepName}({item}:{item})" : stepName;
        var template = await ReferredAsync(work.Step, cancellationToken);
        JsonObject pod;
        lock (nodes)
        {
            pod = Node(path + shown, shown, "Pod", work.Step.Text("template"));
            pod["phase"] = "Pending";
        }

        var values = Values(work, template, outputs);
        using var until = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ended.Token);
        if (onExit)
        {
            until.Dispose();
        }

        var run = new StandinPod(place, workflow, template, stepName, command, pod.Text("id")!);
        await WriteAsync("Running", null, cancellationToken);
        lock (nodes)
        {
            pod["phase"] = "Running";
        }

        await WriteAsync("Running", null, cancellationToken);
        var result = await run.RunAsync(text => Filled(text, values), Artifacts(work.Step), onExit ? cancellationToken : until.Token);
        lock (nodes)
        {
            pod["outputs"] = result.Outputs;
            var stopped = !onExit && ended.IsCancellationRequested;
            End(pod, result.ExitCode == 0 && !stopped ? "Succeeded" : "Failed", (stopped, deadline, shutdown, result.ExitCode) switch
            {
                (true, true, _, _) => "Pod was active on the node longer than the specified deadline",
                (true, _, { } strategy, _) => $"workflow shutdown with strategy:  {strategy}",
                (_, _, _, 0) => null,
                _ => result.Message,
            });
        }

        await WriteAsync("Running", null, cancellationToken);
        return (stepName, pod);
    }

    private static Dictionary<string, string> Values((JsonObject Step, string? Item) work, JsonObject template, IReadOnlyDictionary<string, string> outputs)
    {
        var values = new Dictionary<string, string>(outputs, StringComparer.Ordinal);
        if (work.Item is { } item)
        {
            values["item"] = item;
        }

        foreach (var input in template.Objects("inputs", "parameters").Where(input => input.Text("value") is not null))
        {
            values[$"inputs.parameters.{input.Text("name")}"] = input.Text("value")!;
        }

        foreach (var argument in work.Step.Objects("arguments", "parameters"))
        {
            values[$"inputs.parameters.{argument.Text("name")}"] = Filled(argument.Text("value") ?? "", values);
        }

        return values;
    }

    private static Dictionary<string, string> Artifacts(JsonObject step) => step.Objects("arguments", "artifacts")
        .ToDictionary(artifact => artifact.Text("name")!, artifact => artifact.Text("raw", "data")!, StringComparer.Ordinal);

    private static string Filled(string text, IReadOnlyDictionary<string, string> values) => Placeholder().Replace(text, match =>
        values.TryGetValue(match.Groups["name"].Value, out var value) ? value : throw new InvalidOperationException($"failed to resolve {match.Value}"));

    private async Task<JsonObject> ReferredAsync(JsonObject step, CancellationToken cancellationToken) => step.Text("templateRef", "name") is { } reference
        ? (await place.Admin.GetAsync(ResourcePath.WorkflowTemplates(place.Name, reference), cancellationToken)).Objects("spec", "templates").Single(template => template.Text("name") == step.Text("templateRef", "template"))
        : Template(step.Text("template")!);

    private JsonObject Template(string template) => workflow.Objects("spec", "templates").Single(item => item.Text("name") == template);

    private async Task WatchShutdownAsync(CancellationToken cancellationToken)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var limit = TimeSpan.FromSeconds(workflow.Whole("spec", "activeDeadlineSeconds") ?? 86_400);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                shutdown = (await place.Admin.GetAsync(ResourcePath.Workflows(place.Name, name), cancellationToken)).Text("spec", "shutdown");
            }
            catch (KubernetesException exception) when (exception.IsNotFound)
            {
                await ended.CancelAsync();
                return;
            }
            catch (HttpRequestException)
            {
                // Asked again.
            }

            deadline = shutdown is null && TimeProvider.System.GetElapsedTime(begun) > limit;
            if (shutdown is not null || deadline)
            {
                await ended.CancelAsync();
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private JsonObject Node(string path, string shown, string type, string? template)
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
                ["phase"] = "Running",
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

    private static void End(JsonObject node, string phase, string? message)
    {
        node["phase"] = phase;
        node["finishedAt"] = Now();
        if (message is not null)
        {
            node["message"] = message;
        }
    }

    /// <summary>Writes the status into the object itself, as the real controller does: there is no subresource.</summary>
    private async Task WriteAsync(string phase, string? message, CancellationToken cancellationToken)
    {
        await writing.WaitAsync(cancellationToken);
        try
        {
            JsonObject copy;
            lock (nodes)
            {
                copy = (JsonObject)nodes.DeepClone();
            }

            var done = phase is "Succeeded" or "Failed";
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
            await place.Admin.PatchAsync(ResourcePath.Workflows(place.Name, name), new MergePatchBody(patch), cancellationToken);
        }
        finally
        {
            writing.Release();
        }
    }

    private static string Now() => TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    // FNV-1a over the node's name, as Argo numbers them.
    internal static uint Hash(string text)
    {
        var hash = 2_166_136_261u;
        foreach (var part in Encoding.UTF8.GetBytes(text))
        {
            hash = unchecked((hash ^ part) * 16_777_619u);
        }

        return hash;
    }

    [GeneratedRegex(@"\{\{(?<name>[^{}]+)\}\}")]
    private static partial Regex Placeholder();
}
