using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Rendering;
using Tuner.Argo.Tests.Cluster;
using Tuner.Argo.Tests.Standin;
using Tuner.Argo.Trials;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Argo.Tests.Trials;

/// <summary>
/// What the tests of trials on a real API server begin with. Their load is that of users who wait: a generator on a busy
/// machine is late for a schedule, and says rightly that such a trial is invalid.
/// </summary>
public abstract class TrialTests : IDisposable
{
    private protected const string Objects = """
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

    private protected ArgoSweeps Sweeps { get; } = new();

    public void Dispose()
    {
        Sweeps.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static T Is<T>(TrialState state)
        where T : TrialState
    {
        Assert.True(state is T, $"{state}");
        return (T)state;
    }

    private protected static string Name => TrialNames.Of(Trial().Id).Workflow;

    private protected static Trial Trial(int number = 3, Core.Space.Candidate? candidate = null) => new()
    {
        Id = new TrialId($"model-20261122-{number}"),
        Number = number,
        Candidate = candidate ?? new([new("threads", Core.Space.ParameterValue.Of(1))]),
        Purpose = TrialPurpose.Search,
        State = new TrialState.Pending(),
        CreatedAt = TimeProvider.System.GetUtcNow(),
        ChangedAt = TimeProvider.System.GetUtcNow(),
    };

    /// <summary>A load that takes its time, so that something can happen meanwhile.</summary>
    private protected static IReadOnlyList<string>? SlowLoad(string step, IReadOnlyList<string> words) =>
        step is "load" ? ["sh", "-c", "sleep 4; exec dotnet \"$@\"", "sh", Path.Combine(AppContext.BaseDirectory, "tuner.dll"), .. words.Skip(1)] : null;

    private protected static ArgoOptions Options(ArgoNamespace place) => new() { Access = () => TestCluster.Access(place.TunerKubeconfig), Owner = "test" };

    private protected static ArgoTrialRunner Runner(ArgoNamespace place) => new(Options(place));

    private protected static async Task NothingIsLeftAsync(ArgoNamespace place)
    {
        Assert.True(await ArgoNamespace.Until(async () =>
            (await place.OwnedAsync("argoproj.io/v1alpha1", "workflows")).Length == 0
            && (await place.OwnedAsync("v1", "configmaps")).Length == 0
            && (await place.OwnedAsync("v1", "secrets")).Length == 0
            && (await place.OwnedAsync("apps/v1", "deployments")).Length == 0));
    }

    private protected static string SweepText(ArgoNamespace place, AnswerServer server, string readiness = "timeout: 60s", string load = "pods: 1") => $$"""
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
          arrival: closed
          phases: [ { name: steady, users: 4, duration: 2s } ]
        measurement: { warmup: 1s, minRequests: 10 }
        slos: [ p50 latency <= 5s ]
        """;

    private protected Sweep Sweep(ArgoNamespace place, AnswerServer server, string objects = Objects, string readiness = "timeout: 60s", string load = "pods: 1") =>
        Sweeps.Load(SweepText(place, server, readiness, load), ("objects.yaml", objects));

    private protected sealed class Watched : ITrialObserver
    {
        public int Measuring { get; private set; }

        public CancellationToken Leaving { get; init; }

        public Task MeasuringAsync(CancellationToken cancellationToken)
        {
            Measuring++;
            return Task.CompletedTask;
        }

        public ConcurrentQueue<string> Steps { get; } = [];

        public void Progress(TrialProgress progress) => Steps.Enqueue(progress.Step);
    }
}
