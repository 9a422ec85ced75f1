using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Rendering;
using Tuner.Argo.Tests.Cluster;
using Tuner.Argo.Tests.Trials;

namespace Tuner.Argo.Tests.Standin;

/// <summary>The stand-in's own events beside those that real controllers sent: what it gets wrong, the tests behind it would not notice.</summary>
public sealed class StandinFidelityTests
{
    private static readonly string[] Scenarios = ["ok-fast", "loadfail", "neverready", "stopped", "termd", "badspec"];

    [ClusterFact]
    public Task Every_scenario_goes_as_it_went_with_the_real_controllers() => Task.WhenAll(CompareAsync("v3.5.15"), CompareAsync("v4.0.10"));

    private static async Task CompareAsync(string version)
    {
        var played = await PlayAsync(version);
        var recorded = Scenarios.ToDictionary(name => name, name => RecordingsTests.Workflow(version, name), StringComparer.Ordinal);

        foreach (var name in Scenarios)
        {
            Assert.Equal(EventStory.Phases(recorded[name]), EventStory.Phases(played[name]));
            Assert.Equal(EventStory.Endings(recorded[name]), EventStory.Endings(played[name]));
            Assert.Equal(Enumerable.Range(1, played[name].Count).Select(number => (long?)number), played[name].Select(item => item.Whole("metadata", "generation")));
        }

        Assert.Subset(Together(recorded, EventStory.Changes), Together(played, EventStory.Changes));
        Assert.Subset(Together(recorded, EventStory.Fields), Together(played, EventStory.Fields));
    }

    private static SortedSet<string> Together(Dictionary<string, List<JsonObject>> workflows, Func<IReadOnlyList<JsonObject>, IEnumerable<string>> tell) => [.. workflows.Values.SelectMany(tell)];

    /// <summary>Every version of every Workflow as the API server told of it, by name.</summary>
    private static async Task<Dictionary<string, List<JsonObject>>> PlayAsync(string version)
    {
        await using var place = await ArgoNamespace.CreateAsync();
        var events = new ConcurrentQueue<JsonObject>();
        using var end = new CancellationTokenSource();

        // Known before the first Workflow is there, or its first event could be missed.
        var beginning = (await place.Admin.ListAsync(ResourcePath.Workflows(place.Name), null, null, null, null, default)).Text("metadata", "resourceVersion");
        var watching = WatchAsync(place, events, beginning, end.Token);
        await using var argo = new StandinController(place, new StandinOptions { Version = version, Command = Quick });
        foreach (var name in Scenarios)
        {
            await place.Admin.CreateAsync(ResourcePath.Workflows(place.Name), Workflow(name), default);
        }

        foreach (var (name, strategy) in new[] { ("stopped", "Stop"), ("termd", "Terminate") })
        {
            await HappensAsync(() => Of(name).Any(item => Has(item, "wait", "Running") && Has(item, "service", "Succeeded")));
            await place.Admin.PatchAsync(ResourcePath.Workflows(place.Name, name), new MergePatchBody(new JsonObject { ["spec"] = new JsonObject { ["shutdown"] = strategy } }), default);
        }

        await HappensAsync(() => Scenarios.All(name => Of(name).LastOrDefault()?.Text("metadata", "labels", "workflows.argoproj.io/completed") is "true"));
        await end.CancelAsync();
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return Scenarios.ToDictionary(name => name, Of, StringComparer.Ordinal);

        List<JsonObject> Of(string name) => [.. events.Where(item => item.Text("metadata", "name") == name)];
        async Task HappensAsync(Func<bool> holds) => Assert.True(
            await ArgoNamespace.Until(() => Task.FromResult(holds() || watching.IsCompleted)) && holds(),
            $"it never happened (the watch: {watching.Status}):\n{string.Join('\n', Scenarios.Select(name => $"{name}: {string.Join(" | ", EventStory.Phases(Of(name)))}"))}");
    }

    private static bool Has(JsonObject workflow, string step, string phase) => EventStory.Nodes(workflow).Any(node => node.Text("displayName") == step && node.Text("phase") == phase);

    /// <summary>What the objects become is not looked at: no kubectl for the resource steps.</summary>
    private static IReadOnlyList<string>? Quick(string step, IReadOnlyList<string> words) => step is "wait" ? ["sleep", "600"] : words.Count == 0 ? ["true"] : null;

    /// <summary>An API server may end a watch whenever it likes (it does so when a resource's definition changes): it is asked for again from where it was.</summary>
    private static async Task WatchAsync(ArgoNamespace place, ConcurrentQueue<JsonObject> events, string? version, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            using var response = await place.Admin.WatchAsync(ResourcePath.Workflows(place.Name), null, version, 600, "1", "false", cancellationToken);
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
            while (await lines.ReadLineAsync(cancellationToken) is { } line)
            {
                if (JsonNode.Parse(line) is not JsonObject said || said["object"] is not JsonObject item)
                {
                    continue;
                }

                Assert.False(said.Text("type") is "ERROR", line);
                version = item.Text("metadata", "resourceVersion");
                events.Enqueue((JsonObject)item.DeepClone());
            }
        }
    }

    /// <summary>The shape of the recorded Workflow: two objects, ready, load; its steps run on this machine.</summary>
    private static JsonObject Workflow(string name)
    {
        var slow = name is "neverready" or "stopped" or "termd";
        return (JsonObject)JsonNode.Parse($$$"""
            { "apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow", "metadata": { "name": "{{{name}}}" },
              "spec": { "entrypoint": "{{{(name is "badspec" ? "nosuch" : "trial")}}}", "onExit": "teardown", "serviceAccountName": "tuner-trial", "activeDeadlineSeconds": {{{(name is "neverready" ? 10 : 600)}}},
                "templates": [
                  { "name": "trial", "steps": [ [ { "name": "{{{(slow ? "wait" : "deploy")}}}", "template": "deploy" }, { "name": "service", "template": "service" } ], [ { "name": "ready", "template": "ready" } ], [ { "name": "load", "template": "load" } ] ] },
                  { "name": "deploy", "resource": { "action": "apply", "setOwnerReference": true, "manifest": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{{name}}}-a\n" } },
                  { "name": "service", "resource": { "action": "apply", "setOwnerReference": true, "manifest": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{{name}}}-b\n" } },
                  { "name": "ready", "container": { "image": "any", "command": [ "sh", "-c", "exit 0" ] } },
                  { "name": "load", "container": { "image": "any", "command": [ "sh", "-c", "exit {{{(name is "loadfail" ? 3 : 0)}}}" ] } },
                  { "name": "teardown", "steps": [ [ { "name": "d", "template": "d" }, { "name": "s", "template": "s" } ] ] },
                  { "name": "d", "resource": { "action": "delete", "flags": [ "configmap", "{{{name}}}-a" ] } },
                  { "name": "s", "resource": { "action": "delete", "flags": [ "configmap", "{{{name}}}-b" ] } } ] } }
            """)!;
    }
}
