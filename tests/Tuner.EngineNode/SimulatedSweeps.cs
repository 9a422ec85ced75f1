using Tuner.Core.Sweeps;
using Tuner.Service.Definitions;
using Tuner.Service.Storage;

namespace Tuner.EngineNode;

/// <summary>Definitions for simulated candidates: each seed asks another question of the same small service.</summary>
public static class SimulatedSweeps
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    public static string Text(int seed, string measurement = "") =>
        $$$"""
        metadata: { name: simulated-{{{seed}}}, labels: { seed: "{{{seed}}}" } }
        target:
          process:
            command: [simulated, --port, "{{port}}", --workers, "{{workers}}", --threads, "{{threads}}", --batch, "{{batchSize}}"]
            replicas: "{{replicas}}"
            readiness: { path: / }
        parameters:
          replicas:     { type: int, min: 1, max: 3 }
          workers:      { values: [1, 2] }
          threads:      { values: [1, 2] }
          batchSize:    { values: [1, 4, 8] }
          instanceType: { values: [sample-half, sample-one] }
        baseline: { replicas: 3, workers: 2, threads: 1, batchSize: 1, instanceType: sample-one }
        load:
          request: { path: / }
          phases: [ { name: steady, rate: {{{50 + (seed % 5 * 10)}}}/s, duration: 20s } ]
        slos: [ p99 latency <= 90ms, error rate <= 1% ]
        search: { seed: {{{seed}}} }
        measurement: { allowOvercommit: true, earlyAbort: false{{{measurement}}} }
        budget: { trials: 24, parallel: 1 }
        """;

    /// <exception cref="InvalidOperationException">The text is not valid.</exception>
    public static SweepReading Read(int seed, string folder, string measurement = "")
    {
        var path = Path.Combine(Directory.CreateDirectory(folder).FullName, $"simulated-{seed}.yaml");
        File.WriteAllText(path, Text(seed, measurement));
        var reading = SweepFile.Load(path, ShippedPrices.Load());
        return reading.IsValid ? reading : throw new InvalidOperationException(string.Join('\n', reading.Errors.Select(error => error.Describe(path))));
    }

    /// <exception cref="OperationCanceledException">It has not ended after half an hour.</exception>
    public static async Task UntilEndedAsync(ISweepStore store, SweepId id)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!(await store.FindSweepAsync(id, patience.Token))!.HasEnded)
        {
            await Task.Delay(Look, TimeProvider.System, patience.Token);
        }
    }
}
