using System.Text.Json.Nodes;
using Tuner.Argo.Rendering;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Definitions;

namespace Tuner.Argo.Tests;

/// <summary>Sweeps on Kubernetes in a folder of their own, with the files that they name.</summary>
internal sealed class ArgoSweeps : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("tuner-argo-").FullName;

    /// <summary>A Deployment, its Service and a ConfigMap that it reads.</summary>
    public const string Model = """
        # the model server
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: model, labels: { app: model } }
        spec:
          replicas: {{replicas}}
          selector: { matchLabels: { app: model } }
          template:
            metadata: { labels: { app: model } }
            spec:
              containers:
                - name: server
                  image: example.test/model:1
                  args: [--threads, "{{threads}}"]
                  env: [{ name: UPSTREAM, value: "http://model:8080/x" }, { name: KEEP, value: "1" }]
                  envFrom: [{ configMapRef: { name: model-settings } }]
                  ports: [{ containerPort: 8080 }]
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: model }
        spec: { type: LoadBalancer, selector: { app: model }, ports: [{ port: 80, targetPort: 8080, nodePort: 30080 }] }
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: model-settings }
        data: { note: "batch {{batch}}" }
        """;

    public const string Sweep = """
        metadata: { name: model }
        target:
          argo:
            namespace: tuning
            manifest: model.yaml
            env: { BATCH: "{{batch}}" }
            readiness: { path: /healthz, timeout: 2m }
        parameters:
          replicas: { type: int, min: 1, max: 4 }
          threads: { values: [1, 2, 4] }
          batch: { values: [1, 8] }
          instanceType: { values: [m7i.large, m6idn.xlarge] }
        baseline: { replicas: 2, threads: 1, batch: 1, instanceType: m7i.large }
        cost: { region: us-east-1 }
        load:
          request: { method: POST, path: /infer, body: "{ {{not a placeholder}} }" }
          phases: [ { name: steady, rate: 200/s, duration: 30s } ]
        slos: [ p99 latency <= 100ms, error rate <= 1% ]
        """;

    public SweepReading Read(string sweep, params (string Name, string Text)[] files)
    {
        foreach (var (name, text) in files)
        {
            File.WriteAllText(Path.Combine(Folder, name), text);
        }

        File.WriteAllText(Path.Combine(Folder, "sweep.yaml"), sweep);
        return SweepFile.Load(Path.Combine(Folder, "sweep.yaml"), ShippedPrices.Load());
    }

    public Sweep Load(string sweep, params (string Name, string Text)[] files)
    {
        var reading = Read(sweep, files);
        Assert.Equal("", Told(reading));
        return reading.Sweep!;
    }

    public static string Told(SweepReading reading) => string.Join('\n', reading.Problems.Select(problem => problem.Describe("sweep.yaml")));

    public static Trial Trial(Sweep sweep, Candidate? candidate = null, int number = 3) => new()
    {
        Id = new TrialId($"model-20261122-{number}"),
        Number = number,
        Candidate = candidate ?? sweep.Baseline!,
        Purpose = TrialPurpose.Search,
        State = new TrialState.Pending(),
        CreatedAt = DateTimeOffset.UnixEpoch,
        ChangedAt = DateTimeOffset.UnixEpoch,
    };

    public static TrialWorkflow Workflow(Sweep sweep, ExistingObject? existing = null) => TrialWorkflow.Of(sweep, Trial(sweep), "test", existing);

    public static JsonObject Object(TrialWorkflow workflow, string kind) => workflow.Objects.Single(item => item["kind"]!.GetValue<string>() == kind);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
