using System.Diagnostics;
using System.Text.Json.Nodes;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Rendering;
using Tuner.Argo.Tests.Cluster;
using Tuner.Argo.Tests.Standin;
using Tuner.Argo.Trials;
using Tuner.Core.Trials;

namespace Tuner.Argo.Tests.Trials;

/// <summary>Every way in which real pods fail, side by side on one node: each trial names the thing, the value and the cure.</summary>
public sealed class PodFailureTests : TrialTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    [PodsFact]
    public async Task Pods_that_cannot_start_or_stay_say_why()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await place.Admin.CreateAsync(ResourcePath.Of("v1", place.Name, "resourcequotas"), (JsonObject)JsonNode.Parse("""
            { "apiVersion": "v1", "kind": "ResourceQuota", "metadata": { "name": "boards" }, "spec": { "hard": { "requests.example.test/board": "0" } } }
            """)!, default);
        await using var argo = new StandinController(place, new StandinOptions { InPods = true });
        // On a busy node containers of the steps, too, may fail to be created for some seconds.
        using var runner = new ArgoTrialRunner(Options(place) with { HealingPatience = TimeSpan.FromSeconds(20) });
        using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
        Task<TrialState> EndAsync(int number, string container, string pod = "", bool settles = false, string load = "") => PodFailureTests.EndAsync(runner, place, number, container, pod, settles, limit.Token, load);

        var image = EndAsync(1, """image: "registry.example.test/model:7" """);
        var memory = EndAsync(2, """image: "tuner.test/busybox:1", command: [ sh, -c, "x=a; while true; do x=$x$x; done" ], resources: { limits: { memory: 24Mi } }""");

        // Without a probe it is ready for the moment that it lives, and a slow node may begin the load in it.
        var crash = EndAsync(3, """image: "tuner.test/busybox:1", command: [ sh, -c, "echo no such model; exit 3" ], readinessProbe: { exec: { command: [ cat, /loaded ] }, periodSeconds: 1 }""");
        var settings = EndAsync(4, """image: "tuner.test/busybox:1", command: [ sleep, "60" ], envFrom: [ { configMapRef: { name: elsewhere } } ]""");
        var node = EndAsync(5, """image: "tuner.test/busybox:1", command: [ sleep, "60" ]""", "nodeSelector: { example.test/kind: none }", settles: true);
        var quota = EndAsync(6, """image: "tuner.test/busybox:1", command: [ sleep, "60" ], resources: { limits: { example.test/board: 1 } }""", settles: true);
        var silent = EndAsync(7, """image: "tuner.test/busybox:1", command: [ sleep, "60" ], readinessProbe: { exec: { command: [ cat, /loaded ] }, periodSeconds: 1 }""", settles: true);
        var step = EndAsync(8, """image: "tuner.test/busybox:1", command: [ sleep, "60" ]""", load: """, image: "registry.example.test/tuner:7" """);
        await Task.WhenAll(image, memory, crash, settings, node, quota, silent, step);

        Failed(await image, FailureKind.ImageNotPulled, "The image of container server cannot be pulled: ", "registry.example.test/model:7", "Correct its name");
        Failed(await memory, FailureKind.OutOfMemory, "was killed for using more memory than its limit of 24Mi", "Raise the limit");
        Assert.Contains("no such model", Failed(await crash, FailureKind.ExitedAtStart, "ends again and again (exit code 3").LogTail, StringComparison.Ordinal);
        Failed(await settings, FailureKind.CannotStart, "cannot be started: configmap \"elsewhere\" not found");
        Invalid(await node, "The cluster has no room for the trial. Pod model-", "has no node: 0/", "target.argo.instances");
        Invalid(await quota, "exceeded quota: boards", "Raise it");
        Assert.Contains("event: Unhealthy Pod model-", Failed(await silent, FailureKind.NeverReady, "was not ready within", "Deployment model-", "0 of 1 replicas ready").LogTail, StringComparison.Ordinal);
        Invalid(await step, "A step of the trial cannot begin", "registry.example.test/tuner:7", "target.argo.load.image");
        await NothingIsLeftAsync(place);
    }

    [PodsFact]
    public async Task What_is_lost_under_load_is_told_from_what_fails_under_it()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await using var argo = new StandinController(place, new StandinOptions { InPods = true });
        using var runner = Runner(place);
        using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
        var (ends, candidate, load) = (UnderLoadAsync(1), UnderLoadAsync(2), UnderLoadAsync(3));

        await KubectlAsync("exec", "-n", place.Name, await PodAsync(place, 1, TunerLabels.Candidate), "--", "touch", "/tmp/end");
        await KubectlAsync("delete", "pod", "-n", place.Name, await PodAsync(place, 2, TunerLabels.Candidate), "--grace-period=0", "--force");
        await KubectlAsync("delete", "pod", "-n", place.Name, await PodAsync(place, 3, TunerLabels.Step), "--grace-period=0", "--force");
        await Task.WhenAll(ends, candidate, load);

        Failed(await ends, FailureKind.ExitedUnderLoad, "ended with 7 while it was measured");
        Assert.Contains("was deleted while it was measured", Is<TrialState.Interrupted>(await candidate).Cause, StringComparison.Ordinal);
        Assert.Contains("The load step was taken away", Is<TrialState.Interrupted>(await load).Cause, StringComparison.Ordinal);
        await NothingIsLeftAsync(place);

        Task<TrialState> UnderLoadAsync(int number) => EndAsync(
            runner,
            place,
            number,
            """
            image: "tuner.test/busybox:1", command: [ sh, -c, "mkdir -p /tmp/www; echo ok > /tmp/www/index.html; httpd -p 8080 -h /tmp/www; while [ ! -f /tmp/end ]; do sleep 0.2; done; exit 7" ],
                          readinessProbe: { httpGet: { path: /index.html, port: 8080 }, periodSeconds: 1 }
            """,
            "",
            settles: false,
            limit.Token);
    }

    /// <param name="settles">Whether the trial ends only when its candidate was not ready in time.</param>
    private static async Task<TrialState> EndAsync(ArgoTrialRunner runner, ArgoNamespace place, int number, string container, string pod, bool settles, CancellationToken cancellationToken, string load = "")
    {
        using var sweeps = new ArgoSweeps();
        var sweep = sweeps.Load(
            $$"""
            metadata: { name: model }
            target:
              argo:
                namespace: {{place.Name}}
                manifest: objects.yaml
                readiness: { timeout: {{(settles ? "15s" : "60s")}} }
                load: { service: model{{load}} }
            parameters:
              threads: { values: [1, 2, 4] }
            cost: { resources: { vcpus: threads, pricePerVcpuHour: 1, memoryGib: "1", pricePerGibHour: 1 } }
            baseline: { threads: 1 }
            load:
              request: { path: /index.html }
              arrival: closed
              phases: [ { name: steady, users: 1, duration: 2m } ]
            measurement: { warmup: 0s, minRequests: 10, earlyAbort: false }
            slos: [ p50 latency <= 5s ]
            """,
            ("objects.yaml", $$"""
            apiVersion: apps/v1
            kind: Deployment
            metadata: { name: model }
            spec:
              selector: { matchLabels: { app: model } }
              template:
                metadata: { labels: { app: model, threads: "{threads}" } }
                spec:
                  terminationGracePeriodSeconds: 1
                  {{pod}}
                  containers: [ { name: server, {{container}} } ]
            ---
            apiVersion: v1
            kind: Service
            metadata: { name: model }
            spec: { selector: { app: model }, ports: [ { port: 80, targetPort: 8080 } ] }
            """.Replace("{threads}", "{{threads}}", StringComparison.Ordinal)));
        return (await runner.RunAsync(sweep, Trial(number), new Watched(), cancellationToken)).State;
    }

    /// <summary>A pod of the trial, once it runs: the candidate's once there is load on it, or the load pod.</summary>
    private static async Task<string> PodAsync(ArgoNamespace place, int number, string role)
    {
        var name = "";
        Assert.True(await ArgoNamespace.Until(async () =>
        {
            var pods = (await place.Admin.ListAsync(ResourcePath.Pods(place.Name), $"{TunerLabels.Trial}={TrialNames.Of(Trial(number).Id).Workflow}", null, null, null, default)).Objects("items").ToArray();
            if (!pods.Any(pod => pod.Text("metadata", "labels", "tuner/part") is "load" && pod.Text("status", "phase") is "Running"))
            {
                return false;
            }

            name = pods.First(pod => pod.Text("metadata", "labels", TunerLabels.Role) == role && (role is TunerLabels.Candidate || pod.Text("metadata", "labels", "tuner/part") is "load")).Text("metadata", "name")!;
            return true;
        }), $"no load pod of trial {number} runs");
        return name;
    }

    private static async Task KubectlAsync(params string[] words)
    {
        var start = new ProcessStartInfo("kubectl") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var word in (string[])["--kubeconfig", TestCluster.Kubeconfig!, .. words])
        {
            start.ArgumentList.Add(word);
        }

        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"kubectl {string.Join(' ', words)}: {await errors}{await output}");
    }

    private static TrialState.CandidateFailed Failed(TrialState state, FailureKind kind, params string[] words)
    {
        var failed = Is<TrialState.CandidateFailed>(state);
        Assert.Equal(kind, failed.Kind);
        Assert.All(words, word => Assert.Contains(word, failed.Reason, StringComparison.Ordinal));
        return failed;
    }

    private static void Invalid(TrialState state, params string[] words) =>
        Assert.All(words, word => Assert.Contains(word, Is<TrialState.Invalid>(state).Reason, StringComparison.Ordinal));
}
