using System.Text.Json.Nodes;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Rendering;
using Tuner.Argo.Tests.Cluster;
using Tuner.Argo.Tests.Standin;
using Tuner.Argo.Trials;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Argo.Tests.Trials;

/// <summary>Trials on a real API server, with the stand-in in Argo's place and Tuner's own account.</summary>
public sealed class ArgoTrialRunnerTests : IDisposable
{
    private const string Objects = """
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: settings }
        data: { threads: "{{threads}}" }
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: model }
        spec:
          replicas: 0
          selector: { matchLabels: { app: model } }
          template:
            metadata: { labels: { app: model } }
            spec: { containers: [ { name: server, image: "tuner.test/nothing:1" } ] }
        """;

    private readonly ArgoSweeps sweeps = new();

    [ClusterFact]
    public async Task A_trial_is_deployed_measured_and_gone()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await using var server = new AnswerServer();
        await using var argo = new StandinController(place);
        var watched = new Watched();

        var outcome = await Runner(place).RunAsync(Sweep(place, server), Trial(), watched, default);

        var measured = Measured(outcome.State);
        Assert.True(measured.Phases.Single().Succeeded > 150);
        Assert.Contains(measured.Notes, note => note.Contains("requests per replica", StringComparison.Ordinal));
        Assert.True(server.Requests >= measured.Phases.Single().Succeeded);
        Assert.Equal(1, watched.Measuring);
        await NothingIsLeftAsync(place);
    }

    [ClusterFact]
    public async Task Several_load_pods_share_the_load_and_are_merged()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await using var server = new AnswerServer();
        await using var argo = new StandinController(place, (step, words) => [.. words.Where(word => !word.StartsWith("--start-at", StringComparison.Ordinal))]);

        var outcome = await Runner(place).RunAsync(Sweep(place, server, load: "pods: 2"), Trial(), new Watched(), default);

        var measured = Measured(outcome.State);
        Assert.InRange(measured.Phases.Single().OfferedRate!.Value, 99.9, 100.1);
        Assert.Equal(2, measured.Generator.Threads);
    }

    [ClusterFact]
    public async Task A_candidate_that_the_server_refuses_fails_in_its_words()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await using var server = new AnswerServer();
        await using var argo = new StandinController(place);
        var sweep = Sweep(place, server, objects: Objects.Replace("app: model } }\n      spec", "app: other } }\n      spec", StringComparison.Ordinal).Replace("name: server, ", "name: SERVER, ", StringComparison.Ordinal));

        var outcome = await Runner(place).RunAsync(sweep, Trial(), new Watched(), default);

        var failed = Is<TrialState.CandidateFailed>(outcome.State);
        Assert.Equal(FailureKind.Refused, failed.Kind);
        Assert.Contains("spec.template.spec.containers[0].name: Invalid value: \"SERVER\"", failed.Reason, StringComparison.Ordinal);
        await NothingIsLeftAsync(place);
    }

    [ClusterFact]
    public async Task A_candidate_that_never_gets_ready_says_what_was_missing()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await using var server = new AnswerServer();
        await using var argo = new StandinController(place);
        var sweep = Sweep(place, server);

        var failed = Is<TrialState.CandidateFailed>((await Runner(place).RunAsync(sweep with { Target = ((Target.Argo)sweep.Target) with { Readiness = new ArgoReadiness("Nonsense", null, TimeSpan.FromSeconds(2)) } }, Trial(), new Watched(), default)).State);

        Assert.Equal(FailureKind.NeverReady, failed.Kind);
        Assert.Contains("Deployment/model-", failed.Reason, StringComparison.Ordinal);
        Assert.Contains("has the condition Nonsense", failed.Reason, StringComparison.Ordinal);
    }

    [ClusterFact]
    public async Task A_missing_permission_of_the_pods_is_named()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await using var server = new AnswerServer();
        await using var argo = new StandinController(place);
        var sweep = Sweep(place, server, objects: """
            apiVersion: batch/v1
            kind: Job
            metadata: { name: work }
            spec: { template: { spec: { restartPolicy: Never, containers: [ { name: a, image: "tuner.test/nothing:{{threads}}" } ] } } }
            """);

        var invalid = Is<TrialState.Invalid>((await Runner(place).RunAsync(sweep, Trial(), new Watched(), default)).State);

        Assert.Contains("cannot get resource \"jobs\" in API group \"batch\"", invalid.Reason, StringComparison.Ordinal);
        Assert.Contains("Role tuner-trial", invalid.Reason, StringComparison.Ordinal);
    }

    [ClusterFact]
    public async Task A_weak_token_gives_an_error_that_names_the_missing_permission()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await using var server = new AnswerServer();
        using var runner = new ArgoTrialRunner(Options(place) with { Access = () => TestCluster.Access(TestCluster.Weak) });

        var invalid = Is<TrialState.Invalid>((await runner.RunAsync(Sweep(place, server), Trial(), new Watched(), default)).State);

        Assert.Contains("User \"weak\" cannot get resource \"workflows\" in API group \"argoproj.io\"", invalid.Reason, StringComparison.Ordinal);
        Assert.Contains("tuner argo install", invalid.Reason, StringComparison.Ordinal);
    }

    [ClusterFact]
    public async Task Without_the_template_Argo_s_refusal_tells_to_install_it()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await using var server = new AnswerServer();
        await place.Admin.DeleteAsync(ResourcePath.WorkflowTemplates(place.Name, "tuner-trial"), [], default);
        await using var argo = new StandinController(place);

        var invalid = Is<TrialState.Invalid>((await Runner(place).RunAsync(Sweep(place, server), Trial(), new Watched(), default)).State);

        Assert.Contains("Run 'tuner argo install' for this namespace.", invalid.Reason, StringComparison.Ordinal);
    }

    [ClusterFact]
    public async Task Without_a_controller_the_trial_ends_with_that_reason()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await using var server = new AnswerServer();
        using var runner = new ArgoTrialRunner(Options(place) with { ControllerPatience = TimeSpan.FromSeconds(3) });

        var invalid = Is<TrialState.Invalid>((await runner.RunAsync(Sweep(place, server), Trial(), new Watched(), default)).State);

        Assert.Contains("No Argo controller took up workflow", invalid.Reason, StringComparison.Ordinal);
        await NothingIsLeftAsync(place);
    }

    [ClusterFact]
    public async Task A_restart_picks_up_the_workflow_that_is_running()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await using var server = new AnswerServer();
        await using var argo = new StandinController(place, SlowLoad);
        var sweep = Sweep(place, server);
        using var first = new ArgoTrialRunner(Options(place));
        var lost = first.RunAsync(sweep, Trial(), new Watched(), default);
        Assert.True(await ArgoNamespace.Until(() => place.ExistsAsync("argoproj.io/v1alpha1", "workflows", Name)));

        // The first process is never heard of again; the second finds what it began.
        var outcome = await Runner(place).RunAsync(sweep, Trial() with { State = new TrialState.Deploying() }, new Watched(), default);

        Measured(outcome.State);
        await NothingIsLeftAsync(place);
        await lost;
    }

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
        var sweep = sweeps.Load(
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

    public void Dispose() => sweeps.Dispose();

    /// <summary>On a busy machine the generator is late and says so: that is a measurement too.</summary>
    private static Core.Measurements.Measurement Measured(TrialState state) => state switch
    {
        TrialState.Measured measured => measured.Measurement,
        TrialState.Invalid { Measurement: { } measurement } => measurement,
        _ => throw new InvalidOperationException($"{state}"),
    };

    private static T Is<T>(TrialState state)
        where T : TrialState
    {
        Assert.True(state is T, $"{state}");
        return (T)state;
    }

    private static string Name => TrialNames.Of(Trial().Id).Workflow;

    private static Trial Trial(int number = 3) => new()
    {
        Id = new TrialId($"model-20261122-{number}"),
        Number = number,
        Candidate = new([new("threads", Core.Space.ParameterValue.Of(1))]),
        Purpose = TrialPurpose.Search,
        State = new TrialState.Pending(),
        CreatedAt = TimeProvider.System.GetUtcNow(),
        ChangedAt = TimeProvider.System.GetUtcNow(),
    };

    /// <summary>A load that takes its time, so that something can happen meanwhile.</summary>
    private static IReadOnlyList<string>? SlowLoad(string step, IReadOnlyList<string> words) =>
        step is "load" ? ["sh", "-c", "sleep 4; exec dotnet \"$@\"", "sh", Path.Combine(AppContext.BaseDirectory, "tuner.dll"), .. words.Skip(1)] : null;

    private static ArgoOptions Options(ArgoNamespace place) => new() { Access = () => TestCluster.Access(place.TunerKubeconfig), Owner = "test" };

    private static ArgoTrialRunner Runner(ArgoNamespace place) => new(Options(place));

    private static async Task NothingIsLeftAsync(ArgoNamespace place)
    {
        Assert.True(await ArgoNamespace.Until(async () =>
            (await place.OwnedAsync("argoproj.io/v1alpha1", "workflows")).Length == 0
            && (await place.OwnedAsync("v1", "configmaps")).Length == 0
            && (await place.OwnedAsync("apps/v1", "deployments")).Length == 0));
    }

    private static string SweepText(ArgoNamespace place, AnswerServer server, string readiness = "timeout: 60s", string load = "pods: 1") => $$"""
        metadata: { name: model }
        target:
          argo:
            namespace: {{place.Name}}
            manifest: objects.yaml
            readiness: { {{readiness}} }
            load: { url: "{{server.Address.GetLeftPart(UriPartial.Authority)}}", {{load}} }
        parameters:
          threads: { values: [1, 2, 4] }
        cost: { resources: { vcpus: threads, pricePerVcpuHour: 1, memoryGib: "1", pricePerGibHour: 1 } }
        baseline: { threads: 1 }
        load:
          request: { path: / }
          phases: [ { name: steady, rate: 100/s, duration: 2s } ]
        measurement: { warmup: 1s, minRequests: 100 }
        slos: [ p50 latency <= 2s ]
        """;

    private Sweep Sweep(ArgoNamespace place, AnswerServer server, string objects = Objects, string readiness = "timeout: 60s", string load = "pods: 1") =>
        sweeps.Load(SweepText(place, server, readiness, load), ("objects.yaml", objects));

    private sealed class Watched : ITrialObserver
    {
        public int Measuring { get; private set; }

        public Task MeasuringAsync(CancellationToken cancellationToken)
        {
            Measuring++;
            return Task.CompletedTask;
        }

        public void Progress(TrialProgress progress)
        {
        }
    }
}
