using System.Text.Json.Nodes;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Rendering;
using Tuner.Argo.Tests.Cluster;
using Tuner.Argo.Tests.Standin;
using Tuner.Argo.Trials;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Argo.Tests.Trials;

/// <summary>What people and processes do to a trial's Workflow while it runs.</summary>
public sealed class DisturbedTrialTests : TrialTests
{
    [ClusterFact]
    public async Task Deleted_by_hand_the_trial_is_interrupted_and_nothing_is_left()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await using var server = new AnswerServer();
        await using var argo = new StandinController(place, SlowLoad);
        var watched = new Watched();
        var running = Runner(place).RunAsync(Sweep(place, server), Trial(), watched, default);
        Assert.True(await ArgoNamespace.Until(() => Task.FromResult(watched.Measuring > 0 || running.IsCompleted)) && !running.IsCompleted, running.IsCompleted ? $"{(await running).State}" : "no load");

        await place.Admin.DeleteAsync(ResourcePath.Workflows(place.Name, Name), new JsonObject { ["propagationPolicy"] = "Background" }, default);

        Assert.Equal("The workflow was deleted while the trial ran.", Is<TrialState.Interrupted>((await running).State).Cause);
        await NothingIsLeftAsync(place);
    }

    [ClusterFact]
    public async Task Stopped_or_terminated_by_hand_the_trial_is_cancelled_and_nothing_is_left()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await using var server = new AnswerServer();
        await using var argo = new StandinController(place, SlowLoad);
        foreach (var strategy in new[] { "Stop", "Terminate" })
        {
            var watched = new Watched();
            var running = Runner(place).RunAsync(Sweep(place, server), Trial(), watched, default);
            Assert.True(await ArgoNamespace.Until(() => Task.FromResult(watched.Measuring > 0 || running.IsCompleted)) && !running.IsCompleted, running.IsCompleted ? $"{(await running).State}" : "no load");

            await place.Admin.PatchAsync(ResourcePath.Workflows(place.Name, Name), new MergePatchBody(new JsonObject { ["spec"] = new JsonObject { ["shutdown"] = strategy } }), default);

            Assert.Contains($"Stopped with strategy '{strategy}'", Is<TrialState.Cancelled>((await running).State).Reason, StringComparison.Ordinal);
            await NothingIsLeftAsync(place);
        }
    }

    [ClusterFact]
    public async Task A_node_that_leaves_hands_its_workflow_to_the_next_one()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await using var server = new AnswerServer();
        await using var argo = new StandinController(place, SlowLoad);
        using var leaving = new CancellationTokenSource();
        var watched = new Watched { Leaving = leaving.Token };
        var running = Runner(place).RunAsync(Sweep(place, server), Trial() with { State = new TrialState.Deploying() }, watched, leaving.Token);
        Assert.True(await ArgoNamespace.Until(() => Task.FromResult(watched.Measuring > 0 || running.IsCompleted)) && !running.IsCompleted, running.IsCompleted ? $"{(await running).State}" : "no load");

        await leaving.CancelAsync();

        Is<TrialState.Deploying>((await running).State);
        Assert.True(await place.ExistsAsync("argoproj.io/v1alpha1", "workflows", Name));
        Is<TrialState.Measured>((await Runner(place).RunAsync(Sweep(place, server), Trial() with { State = new TrialState.Measuring() }, new Watched(), default)).State);
        await NothingIsLeftAsync(place);
    }

    [ClusterFact]
    public async Task A_cancelled_trial_stops_and_removes_its_workflow()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await using var server = new AnswerServer();
        await using var argo = new StandinController(place, SlowLoad);
        using var cancel = new CancellationTokenSource();
        var watched = new Watched();
        var running = Runner(place).RunAsync(Sweep(place, server), Trial(), watched, cancel.Token);
        Assert.True(await ArgoNamespace.Until(() => Task.FromResult(watched.Measuring > 0 || running.IsCompleted)) && !running.IsCompleted, running.IsCompleted ? $"{(await running).State}" : "no load");

        await cancel.CancelAsync();

        Is<TrialState.Interrupted>((await running).State);
        await NothingIsLeftAsync(place);
    }

    [ClusterFact]
    public async Task The_reaper_removes_what_no_live_trial_owns_and_leaves_the_rest()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await using var server = new AnswerServer();
        var sweep = Sweep(place, server);
        foreach (var (trial, owner) in new[] { (Trial(1), "test"), (Trial(2), "test"), (Trial(3), "another") })
        {
            await place.Admin.CreateAsync(ResourcePath.Workflows(place.Name), TrialWorkflow.Of(sweep, trial, owner).Manifest, default);
        }

        using var runner = new ArgoTrialRunner(Options(place) with { LiveTrials = _ => Task.FromResult<IReadOnlyCollection<string>>([Trial(2).Id.Value]), Namespaces = [place.Name] });
        var removed = await runner.RemoveLeftoversAsync(default);

        Assert.Contains(TrialNames.Of(Trial(1).Id).Workflow, Assert.Single(removed), StringComparison.Ordinal);
        Assert.True(await ArgoNamespace.Until(async () => (await place.OwnedAsync("argoproj.io/v1alpha1", "workflows")).Length == 2));
    }

    [ClusterFact]
    public async Task An_object_patched_in_place_is_restored_also_after_Terminate()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await using var server = new AnswerServer();
        await place.Admin.CreateAsync(ResourcePath.Of("apps/v1", place.Name, "deployments"), (JsonObject)JsonNode.Parse("""
            { "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": "checkout" },
              "spec": { "replicas": 0, "selector": { "matchLabels": { "app": "checkout" } },
                "template": { "metadata": { "labels": { "app": "checkout" } }, "spec": { "containers": [ { "name": "server", "image": "tuner.test/nothing:1", "args": [ "--old" ] } ] } } } }
            """)!, default);
        var sweep = Sweeps.Load(
            SweepText(place, server).Replace("manifest: objects.yaml", "existing: { name: checkout, patch: patch.yaml, inPlace: true }", StringComparison.Ordinal),
            ("patch.yaml", """spec: { template: { spec: { containers: [ { name: server, args: [ "--threads", "{{threads}}" ] } ] } } }"""));
        async Task<string> ArgsAsync() => (await place.Admin.GetAsync(ResourcePath.Of("apps/v1", place.Name, "deployments", "checkout"), default)).At("spec", "template", "spec", "containers")![0].At("args")!.ToJsonString();

        await using var argo = new StandinController(place, SlowLoad);
        var watched = new Watched();
        var running = Runner(place).RunAsync(sweep, Trial(), watched, default);
        Assert.True(await ArgoNamespace.Until(() => Task.FromResult(watched.Measuring > 0 || running.IsCompleted)) && !running.IsCompleted, running.IsCompleted ? $"{(await running).State}" : "no load");
        Assert.Equal("""["--threads","1"]""", await ArgsAsync());

        await place.Admin.PatchAsync(ResourcePath.Workflows(place.Name, Name), new MergePatchBody(new JsonObject { ["spec"] = new JsonObject { ["shutdown"] = "Terminate" } }), default);
        await running;

        Assert.Equal("""["--old"]""", await ArgsAsync());
        Assert.Empty(await place.OwnedAsync("v1", "configmaps"));
        Assert.True(await place.ExistsAsync("apps/v1", "deployments", "checkout"));
    }
}
