using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Rendering;
using Tuner.Argo.Tests.Cluster;
using Tuner.Argo.Tests.Standin;
using Tuner.Core.Trials;

namespace Tuner.Argo.Tests.Trials;

/// <summary>A node that is lost, and a token that ends, while a trial runs.</summary>
public sealed partial class LostPartsTests : TrialTests
{
    [ClusterFact]
    public async Task A_trial_whose_candidate_loses_its_node_is_interrupted()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await using var node = await BareNode.CreateAsync(place.Admin);
        await using var server = new AnswerServer();
        await using var argo = new StandinController(place, SlowLoad);
        var watched = new Watched();
        var sweep = Sweep(place, server, objects: Objects
            .Replace("replicas: 0", "replicas: 1", StringComparison.Ordinal)
            .Replace("spec: { containers:", $"spec: {{ nodeName: {node.Name}, terminationGracePeriodSeconds: 1, containers:", StringComparison.Ordinal));
        var running = Runner(place).RunAsync(sweep, Trial(), watched, default);

        // No kubelet works on that node: its pods are said to run.
        Assert.True(await ArgoNamespace.Until(async () =>
        {
            foreach (var pod in await CandidateAsync(place))
            {
                await place.Admin.PatchAsync($"{ResourcePath.Pods(place.Name, pod)}/status", new MergePatchBody((JsonObject)JsonNode.Parse("""
                    { "status": { "phase": "Running", "conditions": [ { "type": "Ready", "status": "True" } ], "containerStatuses": [ { "name": "server", "ready": true, "started": true, "restartCount": 0, "image": "i", "imageID": "i", "state": { "running": {} } } ] } }
                    """)!), default);
            }

            return watched.Measuring > 0 || running.IsCompleted;
        }) && !running.IsCompleted, running.IsCompleted ? $"{(await running).State}" : "no load");
        await node.TaintAsync("NoExecute");

        // What stays of pods on a node that is gone goes with the node.
        Assert.True(await ArgoNamespace.Until(() => Task.FromResult(running.IsCompleted || watched.Steps.Any(step => step.StartsWith("stopping the workflow", StringComparison.Ordinal)))), "nobody noticed");
        Assert.True(await ArgoNamespace.Until(async () =>
        {
            foreach (var pod in await CandidateAsync(place))
            {
                await place.Admin.DeleteAsync(ResourcePath.Pods(place.Name, pod), new JsonObject { ["gracePeriodSeconds"] = 0 }, default);
            }

            return running.IsCompleted;
        }), "the trial did not end");
        Assert.Matches("^Pod model-.* was deleted while it was measured.$", Is<TrialState.Interrupted>((await running).State).Cause);
        await NothingIsLeftAsync(place);
    }

    [PodsFact]
    public async Task A_trial_whose_load_pod_loses_its_node_is_interrupted_before_its_deadline()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await using var node = await BareNode.CreateAsync(place.Admin);
        await using var server = new AnswerServer();
        await LoadOnAsync(place, node);
        await using var argo = new StandinController(place, new StandinOptions { InPods = true });
        var watched = new Watched();
        using var runner = new ArgoTrialRunner(Options(place) with { HealingPatience = TimeSpan.FromSeconds(3) });
        var running = runner.RunAsync(Sweep(place, server), Trial(), watched, default);

        // No kubelet works on that node: its pod is said to run, and never ends when it is deleted.
        string[] pods = [];
        Assert.True(await ArgoNamespace.Until(async () =>
        {
            pods = [.. (await place.Admin.ListAsync(ResourcePath.Pods(place.Name), "tuner/part=load", null, null, null, default)).Objects("items").Where(pod => pod.Text("spec", "nodeName") == node.Name).Select(pod => pod.Text("metadata", "name")!)];
            return pods.Length > 0 || running.IsCompleted;
        }) && !running.IsCompleted, running.IsCompleted ? $"{(await running).State}" : "no load pod");
        await place.Admin.PatchAsync($"{ResourcePath.Pods(place.Name, pods[0])}/status", new MergePatchBody((JsonObject)JsonNode.Parse("""{ "status": { "phase": "Running" } }""")!), default);
        await node.TaintAsync("NoExecute");

        Assert.True(await ArgoNamespace.Until(() => Task.FromResult(running.IsCompleted || watched.Steps.Contains("stopping the workflow: a part of it was taken away"))), "nobody noticed");
        Assert.True(await ArgoNamespace.Until(async () =>
        {
            if (!running.IsCompleted && await place.ExistsAsync("v1", "pods", pods[0]))
            {
                await place.Admin.DeleteAsync(ResourcePath.Pods(place.Name, pods[0]), new JsonObject { ["gracePeriodSeconds"] = 0 }, default);
            }

            return running.IsCompleted;
        }), "the trial did not end");
        Assert.Contains($"its pod {pods[0]} on node {node.Name} is being deleted and does not end", Is<TrialState.Interrupted>((await running).State).Cause, StringComparison.Ordinal);
        await NothingIsLeftAsync(place);
    }

    [ClusterFact]
    public async Task A_token_that_ends_is_followed_by_the_next_one_in_its_file()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await using var server = new AnswerServer();
        var (go, token, kubeconfig) = (Path.Combine(place.Folder, "go"), Path.Combine(place.Folder, "token"), Path.Combine(place.Folder, "renewed.kubeconfig"));
        await using var argo = new StandinController(place, (step, words) =>
            step is "load" ? ["sh", "-c", $"while [ ! -f {go} ]; do sleep 0.2; done; exec dotnet \"$@\"", "sh", Path.Combine(AppContext.BaseDirectory, "tuner.dll"), .. words.Skip(1)] : null);
        var text = await File.ReadAllTextAsync(place.TunerKubeconfig);
        await File.WriteAllTextAsync(token, Token().Match(text).Groups["token"].Value);
        await File.WriteAllTextAsync(kubeconfig, Token().Replace(text, $"tokenFile: \"{token}\""));
        var watched = new Watched();
        using var runner = new ArgoTrialRunner(Options(place) with { Access = () => TestCluster.Access(kubeconfig) });
        var running = runner.RunAsync(Sweep(place, server), Trial(), watched, default);
        Assert.True(await ArgoNamespace.Until(() => Task.FromResult(watched.Measuring > 0 || running.IsCompleted)) && !running.IsCompleted, running.IsCompleted ? $"{(await running).State}" : "no load");

        await EndTokenAsync(place);
        var old = KubernetesClient.Connect(TestCluster.Access(place.TunerKubeconfig));
        Assert.True(await ArgoNamespace.Until(() => IsRefusedAsync(old, place)), "the old token still holds");
        Assert.True(await ArgoNamespace.Until(async () => await TokenAsync(place) is { } next && Written(token, next)), "there is no new token");
        await File.WriteAllTextAsync(go, "");

        Is<TrialState.Measured>((await running).State);
        await NothingIsLeftAsync(place);
    }

    [ClusterFact]
    public async Task A_token_that_nobody_renews_ends_the_trial_with_the_cure_and_what_it_left_is_removed_with_the_next()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await using var server = new AnswerServer();
        // The load holds on for as long as it takes: the API server knows a token for some seconds after its end.
        await using var argo = new StandinController(place, (step, _) => step is "load" ? ["sleep", "600"] : null);
        var access = TestCluster.Access(place.TunerKubeconfig);
        await using var line = new CuttableLine(access.Server);
        var watched = new Watched();
        using var runner = new ArgoTrialRunner(Options(place) with { Access = () => access with { Server = line.Address, ServerName = access.Server.Host }, DeniedPatience = TimeSpan.FromSeconds(2) });
        var running = runner.RunAsync(Sweep(place, server), Trial(), watched, default);
        Assert.True(await ArgoNamespace.Until(() => Task.FromResult(watched.Steps.Count > 0 || running.IsCompleted)) && !running.IsCompleted, running.IsCompleted ? $"{(await running).State}" : "no step");

        // A watch that is open goes on under the old token: the line is cut, so that it has to be asked for again.
        await EndTokenAsync(place);
        var old = KubernetesClient.Connect(access);
        Assert.True(await ArgoNamespace.Until(() => IsRefusedAsync(old, place)), "the old token still holds");
        line.Cut();
        line.Mend();

        var cause = Is<TrialState.Interrupted>((await running).State).Cause;
        Assert.Contains("does not accept the credentials of", cause, StringComparison.Ordinal);
        Assert.Contains("Renew the credentials of", cause, StringComparison.Ordinal);
        using var next = new ArgoTrialRunner(Options(place) with { Access = () => TestCluster.Access(), Namespaces = [place.Name] });
        await next.RemoveLeftoversAsync(default);
        await NothingIsLeftAsync(place);
    }

    /// <summary>Lets the scheduler put load pods on that node, and nothing else.</summary>
    private static async Task LoadOnAsync(ArgoNamespace place, BareNode node)
    {
        var path = ResourcePath.Of("argoproj.io/v1alpha1", place.Name, "workflowtemplates", TrialWorkflow.Template);
        var templates = (JsonArray)(await place.Admin.GetAsync(path, default)).At("spec", "templates")!.DeepClone();
        var load = templates.OfType<JsonObject>().Single(template => template.Text("name") is TrialWorkflow.LoadStep);
        load["nodeSelector"] = new JsonObject { [BareNode.Kind] = node.Name };
        load["tolerations"] = new JsonArray(new JsonObject { ["key"] = BareNode.Kind, ["operator"] = "Exists", ["effect"] = "NoSchedule" });
        await place.Admin.PatchAsync(path, new MergePatchBody(new JsonObject { ["spec"] = new JsonObject { ["templates"] = templates } }), default);
    }

    private static async Task<string[]> CandidateAsync(ArgoNamespace place) =>
        [.. (await place.Admin.ListAsync(ResourcePath.Pods(place.Name), $"{TunerLabels.Role}={TunerLabels.Candidate}", null, null, null, default)).Objects("items").Select(pod => pod.Text("metadata", "name")!)];

    /// <summary>Takes the account's token back; the cluster makes another one.</summary>
    private static async Task EndTokenAsync(ArgoNamespace place)
    {
        foreach (var secret in (await place.Admin.ListAsync(ResourcePath.Secrets(place.Name), null, null, null, null, default)).Objects("items").Where(IsToken).Select(secret => secret.Text("metadata", "name")))
        {
            await place.Admin.DeleteAsync(ResourcePath.Of("v1", place.Name, "secrets", secret), [], default);
        }
    }

    private static async Task<string?> TokenAsync(ArgoNamespace place) =>
        (await place.Admin.ListAsync(ResourcePath.Secrets(place.Name), null, null, null, null, default)).Objects("items").FirstOrDefault(IsToken).Text("data", "token");

    private static bool IsToken(JsonObject secret) => secret.Text("metadata", "annotations", "kubernetes.io/service-account.name") is "tuner";

    private static bool Written(string file, string token)
    {
        File.WriteAllBytes(file, Convert.FromBase64String(token));
        return true;
    }

    private static async Task<bool> IsRefusedAsync(IKubernetesApi api, ArgoNamespace place)
    {
        try
        {
            await api.ListAsync(ResourcePath.Workflows(place.Name), null, null, null, null, default);
            return false;
        }
        catch (KubernetesException exception) when (exception.IsUnauthorized)
        {
            return true;
        }
    }

    [GeneratedRegex("token: \"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Token();
}
