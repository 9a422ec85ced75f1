using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tuner.Core.Definitions;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;

namespace Tuner.Cli;

/// <summary>A plan for programs; durations in seconds.</summary>
internal static class PlanJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(Sweep sweep, SweepPreview preview, MachineCapacity machine, IEnumerable<DefinitionProblem> warnings)
    {
        var tally = preview.Space;
        return new JsonObject
        {
            ["schema"] = "tuner/plan/v1",
            ["sweep"] = sweep.Name,
            ["fingerprint"] = sweep.Fingerprint,
            ["candidates"] = new JsonObject
            {
                ["combinations"] = tally.Combinations?.ToString(CultureInfo.InvariantCulture),
                ["afterConstraints"] = tally.Candidates?.ToString(CultureInfo.InvariantCulture),
                ["measurable"] = tally.Measurable?.ToString(CultureInfo.InvariantCulture),
                ["counted"] = tally.Counted,
                ["excluded"] = new JsonArray([.. tally.Excluded.Select(pair => new JsonObject { ["reason"] = pair.Key, ["count"] = pair.Value })]),
            },
            ["machine"] = new JsonObject
            {
                ["cores"] = machine.Cores,
                ["generatorCores"] = machine.GeneratorCores,
                ["memoryBytes"] = machine.MemoryBytes,
                ["enforcement"] = machine.Enforcement,
            },
            ["slos"] = new JsonArray([.. preview.Slos.Select(slo => new JsonObject
            {
                ["slo"] = slo.Slo.Text,
                ["requestsPerTrial"] = slo.RequestsPerTrial,
                ["trials"] = slo.Trials,
                ["needed"] = slo.Needed,
                ["canDecide"] = slo.CanDecide,
            })]),
            ["defaults"] = new JsonObject
            {
                ["strategy"] = sweep.Search.Strategy,
                ["seed"] = sweep.Search.Seed,
                ["warmupSeconds"] = sweep.Measurement.Warmup.TotalSeconds,
                ["minRequests"] = sweep.Measurement.MinRequests,
                ["maxRepeats"] = sweep.Measurement.MaxRepeats,
                ["earlyAbort"] = sweep.Measurement.EarlyAbort,
                ["allowOvercommit"] = sweep.Measurement.AllowOvercommit,
                ["finalists"] = sweep.Verification.Finalists,
                ["verificationRepeats"] = sweep.Verification.Repeats,
                ["confidence"] = sweep.Verification.Confidence,
                ["trials"] = sweep.Budget.Trials,
                ["wallTimeSeconds"] = sweep.Budget.WallTime?.TotalSeconds,
                ["money"] = sweep.Budget.Money,
                ["failures"] = sweep.Budget.Failures,
                ["parallel"] = sweep.Budget.Parallel,
            },
            ["estimate"] = new JsonObject
            {
                ["currency"] = sweep.Cost.Currency,
                ["notional"] = sweep.Target is Target.Process,
                ["trialSeconds"] = preview.TrialTime.TotalSeconds,
                ["trials"] = preview.Trials,
                ["wallTimeSeconds"] = preview.WallTime.TotalSeconds,
                ["cheapestPerHour"] = tally.Cheapest,
                ["dearestPerHour"] = tally.Dearest,
                ["leastMoney"] = preview.LeastMoney,
                ["mostMoney"] = preview.MostMoney,
            },
            ["baseline"] = Candidate(sweep, sweep.Baseline),
            ["first"] = Candidate(sweep, tally.First),
            ["warnings"] = new JsonArray([.. warnings.Select(warning => $"{warning.Path}: {warning.Message}").Concat(preview.Warnings).Select(warning => JsonValue.Create(warning))]),
            ["impossible"] = preview.Impossible,
        }.ToJsonString(Indented) + "\n";
    }

    private static JsonObject? Candidate(Sweep sweep, Candidate? candidate) => candidate is null ? null : new JsonObject
    {
        ["candidate"] = new JsonObject(candidate.Values.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)JsonValue.Create(pair.Value.Text)))),
        ["command"] = sweep.Target is Target.Process process
            ? new JsonArray([.. CommandLine.Arguments(process, sweep.Space, candidate).Select(argument => JsonValue.Create(argument))])
            : null,
        ["workflow"] = sweep.Target is Target.Argo ? FirstWorkflow.Json(sweep, candidate) : null,
        ["replicas"] = sweep.Target is Target.Process replicated ? CommandLine.Replicas(replicated, sweep.Space, candidate) : null,
    };
}
