using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Rendering;
using Tuner.Argo.Tests.Cluster;

namespace Tuner.Argo.Tests.Standin;

/// <summary>One Workflow, from its first status to its last.</summary>
internal sealed partial class StandinWorkflow(ArgoNamespace place, JsonObject workflow, StandinOptions options)
{
    private readonly string name = workflow.Text("metadata", "name")!;
    private readonly StandinStatus status = new(place, workflow);
    private readonly CancellationTokenSource ended = new();
    private string? shutdown;
    private bool deadline;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await InvalidAsync(cancellationToken) is { } invalid)
            {
                await status.WriteAsync("Failed", $"invalid spec: {invalid}", cancellationToken);
                return;
            }

            await status.WriteAsync("Running", null, cancellationToken);
            using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var shutdownSeen = WatchShutdownAsync(watching.Token);
            var failure = await StepsAsync(name, workflow.Text("spec", "entrypoint")!, cancellationToken);
            if (shutdown is not "Terminate")
            {
                await StepsAsync($"{name}.onExit", workflow.Text("spec", "onExit")!, cancellationToken);
            }

            await watching.CancelAsync();
            await shutdownSeen.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await status.WriteAsync(failure is null ? "Succeeded" : "Failed", shutdown is { } strategy ? $"Stopped with strategy '{strategy}'" : failure, cancellationToken);
        }
        catch (KubernetesException exception) when (exception.IsNotFound)
        {
            // Deleted by hand: the controller forgets it, and its pods go with their owner.
            await ended.CancelAsync();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // As the real one does where it fails itself: the Workflow ends, and says of what.
            await ended.CancelAsync();
            await status.WriteAsync("Error", $"{exception}", cancellationToken);
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
        var root = status.Node(path, path, "Steps", template);
        var outputs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (index, group) in Template(template)["steps"]!.AsArray().Index())
        {
            var groupNode = status.Node($"{path}[{index.ToString(CultureInfo.InvariantCulture)}]", $"[{index.ToString(CultureInfo.InvariantCulture)}]", "StepGroup", null);
            var pods = group!.AsArray().OfType<JsonObject>().SelectMany(step => Expanded(step)).ToArray();
            var running = pods.Select(step => PodAsync($"{path}[{index.ToString(CultureInfo.InvariantCulture)}].", step, outputs, onExit, cancellationToken)).ToArray();
            await status.WriteAsync("Running", null, cancellationToken);
            var results = await Task.WhenAll(running);
            foreach (var (step, pod) in results)
            {
                foreach (var output in pod.Objects("outputs", "parameters"))
                {
                    outputs[$"steps.{step}.outputs.parameters.{output.Text("name")}"] = output.Text("value") ?? "";
                }
            }

            if (results.FirstOrDefault(result => result.Pod.Text("phase") is "Failed" or "Error").Pod is { } failed)
            {
                var message = $"child '{failed.Text("id")}' failed";
                status.End(groupNode, "Failed", message);
                status.End(root, "Failed", message);

                // Told of together with what begins on exit.
                return message;
            }

            status.End(groupNode, "Succeeded", null);
        }

        status.End(root, "Succeeded", null);
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
        var pod = status.Node(path + shown, shown, "Pod", work.Step.Text("template"), "Pending");
        var values = Values(work, template, outputs);
        using var until = onExit ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken) : CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ended.Token);
        var run = new StandinPod(place, workflow, template, stepName, options, pod.Text("id")!);
        await status.WriteAsync("Running", null, cancellationToken);
        status.Change(() => pod["phase"] = "Running");
        await status.WriteAsync("Running", null, cancellationToken);
        var result = await run.RunAsync(text => Filled(text, values), Artifacts(work.Step), until.Token);
        status.Change(() => pod["outputs"] = result.Outputs);
        var stopped = !onExit && ended.IsCancellationRequested;
        status.End(pod, (stopped, result) switch { (true, _) => "Failed", (_, { Deleted: true }) => "Error", (_, { ExitCode: 0 }) => "Succeeded", _ => "Failed" }, (stopped, deadline, shutdown, result.ExitCode) switch
        {
            (true, true, _, _) => "Pod was active on the node longer than the specified deadline",
            (true, _, { } strategy, _) => $"workflow shutdown with strategy:  {strategy}",
            (_, _, _, 0) => null,
            _ => result.Message,
        });
        await status.WriteAsync("Running", null, cancellationToken);
        if (stopped && shutdown is "Stop" && template["resource"] is not null)
        {
            // The step's own last words come after the controller's.
            status.Change(() => pod["message"] = options.Stopped);
        }

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
            catch (Exception exception) when (StandinStatus.IsPassing(exception))
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

    [GeneratedRegex(@"\{\{(?<name>[^{}]+)\}\}")]
    private static partial Regex Placeholder();
}
