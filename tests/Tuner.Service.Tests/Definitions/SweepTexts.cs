using Tuner.Service.Definitions;

namespace Tuner.Service.Tests.Definitions;

/// <summary>Definitions in a folder of their own, with the files that they name.</summary>
internal sealed class SweepTexts : IDisposable
{
    public static ShippedPrices Prices { get; } = ShippedPrices.Load();

    public string Folder { get; } = Directory.CreateTempSubdirectory("tuner-definitions-").FullName;

    public void Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    public SweepReading Load(string text, string name = "sweep.yaml")
    {
        Write(name, text);
        return SweepFile.Load(Path.Combine(Folder, name), Prices);
    }

    /// <summary>The reading's problems as they are printed, without the folder.</summary>
    public static string Printed(SweepReading reading) =>
        string.Join('\n', reading.Problems.Select(problem => problem.Describe(Path.GetFileName(reading.File))));

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>The shortest definition that is worth writing.</summary>
    public const string Minimal = """
        target:
          process:
            command: [my-server, --port, "{{port}}", --workers, "{{workers}}"]
        parameters:
          workers: { type: int, min: 1, max: 8 }
          instanceType: { values: [sample-half, sample-one] }
        load:
          request: { path: /predict }
          phases:
            - { rate: 50/s, duration: 30s }
        slos:
          - p99 latency <= 100ms
          - error rate <= 1%
        """;

    /// <summary>The sample of the design, with every part of the format in it.</summary>
    public const string Full = """
        apiVersion: tuner/v1
        kind: Sweep
        metadata: { name: digits, labels: { team: vision } }

        target:                               # one of: process | argo | endpoint
          process:
            command: [dotnet, "{{tuner.samples}}/Tuner.SampleModel.dll", --port, "{{port}}", --workers, "{{workers}}"]
            env: { OMP_NUM_THREADS: "{{threads}}", MAX_BATCH_SIZE: "{{batchSize}}", DELAY: "{{batchDelayMs}}" }
            replicas: "{{replicas}}"          # so many processes, requests spread over them
            readiness: { path: /healthz, timeout: 60s }
            stopTimeout: 10s

        parameters:
          replicas:     { type: int, min: 1, max: 4 }
          workers:      { values: [1, 2, 4, 8] }
          threads:      { type: int, min: 1, max: 16, scale: log2 }
          batchSize:    { type: int, min: 1, max: 64, scale: log2 }
          batchDelayMs: { type: int, min: 0, max: 20, step: 5, when: "batchSize > 1" }
          instanceType: { values: [sample-half, sample-one] }
        constraints:
          - workers * threads <= max(1, instance.vcpus)
        baseline: { replicas: 1, workers: 1, threads: 1, batchSize: 1, instanceType: sample-one }

        load:
          request: { method: POST, path: /v2/models/digits/infer, bodyFiles: [ { file: small.json, weight: 8 }, { file: large.json, weight: 2 } ] }
          arrival: poisson                    # poisson | constant | closed
          phases: [ { name: steady, rate: 80/s, duration: 20s }, { name: peak, rate: 250/s, duration: 20s } ]

        slos:
          - p99 latency <= 100ms
          - error rate <= 1%                # plan refuses a limit that the planned requests cannot decide
          - throughput >= 240/s in peak
        objective: { minimize: cost per hour }      # or cost per million requests
        cost: { currency: USD }

        search: { strategy: bayesian, seed: 42 }    # grid | random | sobol | list | bayesian
        measurement: { warmup: 5s, minRequests: 1000, repeats: { max: 3 }, earlyAbort: true }
        budget: { trials: 40, wallTime: 3h, money: 25 USD, parallel: 1, failures: 15 }
        verification: { finalists: 3, repeats: 3, confidence: 95% }
        schedule: { cron: "0 2 * * *", timeZone: Europe/London, overlap: skip }
        """;
}
