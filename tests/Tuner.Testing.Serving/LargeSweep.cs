using System.Collections.Immutable;
using System.Globalization;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Definitions;
using Tuner.Service.Storage;
using Tuner.Testing.Sweeps;

namespace Tuner.Testing.Serving;

/// <summary>A sweep with very many measured candidates, queued to go on.</summary>
public static class LargeSweep
{
    public const string Id = "large-1";

    private static string Definition(string command) => $$$"""
        metadata: { name: large }
        target:
          process: { command: {{{command}}} }
        parameters:
          workers: { type: int, min: 1, max: 100000 }
          instanceType: { values: [sample-half] }
        baseline: { workers: 6, instanceType: sample-half }
        load:
          request: { method: POST, path: /predict, bodyFiles: [ body.json ] }
          phases: [ { name: steady, rate: 100/s, duration: 20s } ]
        slos: [ p99 latency <= 100ms ]
        search: { strategy: random }
        budget: { trials: 100000 }
        verification: { finalists: 1, repeats: 1 }

        """;

    private static readonly ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Files =
        ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>.Empty.Add("body.json", "{}"u8.ToArray());

    /// <param name="command">What its candidates are started with, as a definition has it.</param>
    public static async Task FillAsync(Database database, int trials, string command = """[my-server, --port, "{{port}}", --workers, "{{workers}}"]""")
    {
        var stores = new SweepStores(database);
        var reading = SweepFile.Submitted("large.yaml", Definition(command), Path.GetTempPath(), new SubmittedFiles(Files), ShippedPrices.Load());
        var start = DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        var stored = new StoredSweep
        {
            Id = new SweepId(Id), Name = "large", Fingerprint = reading.Sweep!.Fingerprint, State = SweepState.Queued, Reason = "submitted",
            CreatedAt = start, ChangedAt = start, SeenAt = start,
        };
        await new TargetTemplateStore(database).PutAsync("large", reading.Submission!, start, CancellationToken.None);
        await stores.Sweeps.AddSweepAsync(stored, reading.Submission!.ToJson(), CancellationToken.None);
        var claim = (await stores.Claims.ClaimAsync(stored.Id, "filling", TimeSpan.FromMinutes(10), CancellationToken.None))!;
        for (var number = 1; number <= trials; number++)
        {
            await AddAsync(stores.Sweeps, claim, number, start);
        }

        await stores.Sweeps.EndWorkAsync(claim, SweepState.Queued, "handed on", null, CancellationToken.None);
    }

    private static async Task AddAsync(ISweepStore store, SweepClaim claim, int number, DateTimeOffset start)
    {
        // The baseline first, as ever; then everybody has another number of workers.
        var workers = number == 1 ? 6 : number <= 6 ? number - 1 : number;
        var trial = new Trial
        {
            Id = new TrialId(string.Create(CultureInfo.InvariantCulture, $"{Id}-{number}")),
            Number = number,
            Candidate = new Candidate([KeyValuePair.Create("workers", ParameterValue.Of(workers)), KeyValuePair.Create("instanceType", ParameterValue.Of("sample-half"))]),
            Purpose = number == 1 ? TrialPurpose.Baseline : TrialPurpose.Search,
            State = new TrialState.Pending(),
            CreatedAt = start,
            ChangedAt = start,
        };
        await store.AddTrialAsync(claim, trial, "next at random", CancellationToken.None);
        var measurement = SmallSweep.Steady(milliseconds: 40 + (number % 97)) with { StartedAt = start };
        foreach (var state in new TrialState[] { new TrialState.Deploying(), new TrialState.Measuring(), new TrialState.Measured(measurement) })
        {
            var next = trial with { State = state, Deployed = TimeSpan.FromSeconds(25) };
            await store.ChangeTrialAsync(claim, trial, next, "next", CancellationToken.None);
            trial = next;
        }
    }
}
