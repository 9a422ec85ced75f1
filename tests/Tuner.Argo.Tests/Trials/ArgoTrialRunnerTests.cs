using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Rendering;
using Tuner.Argo.Tests.Cluster;
using Tuner.Argo.Tests.Standin;
using Tuner.Argo.Trials;
using Tuner.Core.Reported;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Argo.Tests.Trials;

/// <summary>Trials on a real API server, with the stand-in in Argo's place and Tuner's own account.</summary>
public sealed class ArgoTrialRunnerTests : TrialTests
{
    [ClusterFact]
    public async Task A_trial_is_deployed_measured_and_gone()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await using var server = new AnswerServer();
        await using var argo = new StandinController(place);
        var watched = new Watched();

        var sweep = Sweeps.Load(SweepText(place, server).Replace("{ path: / }", "{ path: /, headers: { Authorization: Bearer 123 } }", StringComparison.Ordinal), ("objects.yaml", Objects));

        var outcome = await Runner(place).RunAsync(sweep, Trial(), watched, default);

        var measured = Is<TrialState.Measured>(outcome.State).Measurement;
        Assert.True(measured.Phases.Single().Succeeded > 4);
        Assert.Contains(measured.Notes, note => note.Contains("requests per replica", StringComparison.Ordinal));
        Assert.Equal("Bearer 123", server.Authorization);
        Assert.True(server.Requests >= measured.Phases.Single().Succeeded);
        Assert.Equal(1, watched.Measuring);
        await NothingIsLeftAsync(place);
    }

    [ClusterFact]
    public async Task Several_load_pods_share_the_load_and_are_merged()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await using var server = new AnswerServer();
        await using var argo = new StandinController(place, (step, words) => words.Count == 0 ? null : [.. words.Where(word => !word.StartsWith("--start-at", StringComparison.Ordinal))]);

        var outcome = await Runner(place).RunAsync(Reporting(Sweep(place, server, load: "pods: 2")), Trial(), new Watched(), default);

        var measured = Is<TrialState.Measured>(outcome.State).Measurement;
        Assert.Equal(4, measured.Phases.Single().Users);
        Assert.Equal(2, measured.Generator.Threads);

        // One of them asked the target about itself.
        Assert.Equal([new("accuracy", 0.93), new("asked", 1)], measured.Reported!);
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
    public async Task A_load_that_is_too_long_for_a_step_reaches_its_pod_in_the_secret()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await using var server = new AnswerServer();
        await using var argo = new StandinController(place);
        var body = Convert.ToHexString(RandomNumberGenerator.GetBytes(200_000));
        var sweep = Sweeps.Load(
            SweepText(place, server).Replace("{ path: / }", "{ method: POST, path: /, bodyFiles: [ { file: large.txt } ] }", StringComparison.Ordinal),
            ("objects.yaml", Objects),
            ("large.txt", body));
        var workflow = TrialWorkflow.Of(sweep, Trial(), "test");
        Assert.True(workflow.Manifest.ToJsonString().Length < 20_000 && workflow.Secret!.ToJsonString().Length > 200_000);

        Is<TrialState.Measured>((await Runner(place).RunAsync(sweep, Trial(), new Watched(), default)).State);
        Assert.Equal(body.Length, server.LongestBody);
        await NothingIsLeftAsync(place);
    }

    [ClusterFact]
    public async Task A_workflow_that_waits_for_its_turn_is_given_time_and_then_up_in_the_controller_s_words()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await using var server = new AnswerServer();
        using var runner = new ArgoTrialRunner(Options(place) with { ControllerPatience = TimeSpan.FromMinutes(1), QueuePatience = TimeSpan.FromSeconds(4) });
        var watched = new Watched();
        var running = runner.RunAsync(Sweep(place, server), Trial(), watched, default);
        var pending = new MergePatchBody((JsonObject)JsonNode.Parse("""{ "status": { "phase": "Pending", "message": "Waiting for default/Mutex/gpu lock. Lock status: 0/1" } }""")!);

        Assert.True(await ArgoNamespace.Until(async () => await place.Admin.PatchAsync(ResourcePath.Workflows(place.Name, Name), pending, default) is not null));

        var reason = Is<TrialState.Invalid>((await running).State).Reason;
        Assert.Contains("Waiting for default/Mutex/gpu lock", reason, StringComparison.Ordinal);
        Assert.Contains("budget.parallel", reason, StringComparison.Ordinal);
        Assert.Contains("waiting for its turn: Waiting for default/Mutex/gpu lock. Lock status: 0/1", watched.Steps);
        await NothingIsLeftAsync(place);
    }

    private static Sweep Reporting(Sweep sweep) => sweep with
    {
        Reported = [Number("accuracy", "models[0].accuracy"), Number("asked", "asked")],
    };

    private static ReportedNumber Number(string name, string path) =>
        JsonPath.TryParse(path, out var read) ? new ReportedNumber(name, "/stats", new NumberSource.Json(read), Combining.Mean) : throw new InvalidOperationException(path);

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

        Is<TrialState.Measured>(outcome.State);
        await NothingIsLeftAsync(place);
        await lost;
    }
}
