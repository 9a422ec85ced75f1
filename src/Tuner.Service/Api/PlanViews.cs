using System.Collections.Immutable;
using System.Globalization;
using Tuner.Core.Api;
using Tuner.Core.Definitions;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Service.Definitions;

namespace Tuner.Service.Api;

/// <summary>A plan as the API and <c>tuner plan --output json</c> tell it.</summary>
public static class PlanViews
{
    public static PlanView Of(Sweep sweep, SweepPreview preview, MachineCapacity machine, IEnumerable<DefinitionProblem> warnings) => new()
    {
        Sweep = sweep.Name,
        Fingerprint = sweep.Fingerprint,
        Candidates = Candidates(preview.Space),
        Machine = new PlanMachine(machine.Cores, machine.GeneratorCores, machine.MemoryBytes, machine.Enforcement),
        Slos = [.. preview.Slos.Select(slo => new PlanSlo(slo.Slo.Text, slo.RequestsPerTrial, slo.Trials, slo.Needed, slo.CanDecide))],
        Defaults = Defaults(sweep),
        Estimate = Estimate(sweep, preview),
        Baseline = Candidate(sweep, sweep.Baseline),
        First = Candidate(sweep, preview.Space.First),
        Schedule = sweep.Schedule is { } rule ? new PlanSchedule(rule.Cron, rule.TimeZone, Word(rule.Overlap), Word(rule.Missed)) : null,
        Warnings = [.. warnings.Select(warning => $"{warning.Path}: {warning.Message}"), .. preview.Warnings],
        Impossible = preview.Impossible,
    };

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static PlanCandidates Candidates(SpaceTally tally) => new(
        tally.Combinations?.ToString(CultureInfo.InvariantCulture),
        tally.Candidates?.ToString(CultureInfo.InvariantCulture),
        tally.Measurable?.ToString(CultureInfo.InvariantCulture),
        tally.Counted,
        [.. tally.Excluded.Select(pair => new PlanExclusion(pair.Key, pair.Value))]);

    private static PlanDefaults Defaults(Sweep sweep) => new()
    {
        Strategy = sweep.Search.Strategy,
        Seed = sweep.Search.Seed,
        WarmupSeconds = sweep.Measurement.Warmup.TotalSeconds,
        MinRequests = sweep.Measurement.MinRequests,
        MaxRepeats = sweep.Measurement.MaxRepeats,
        EarlyAbort = sweep.Measurement.EarlyAbort,
        AllowOvercommit = sweep.Measurement.AllowOvercommit,
        Finalists = sweep.Verification.Finalists,
        VerificationRepeats = sweep.Verification.Repeats,
        Confidence = sweep.Verification.Confidence,
        Trials = sweep.Budget.Trials,
        WallTimeSeconds = sweep.Budget.WallTime?.TotalSeconds,
        Money = sweep.Budget.Money,
        Failures = sweep.Budget.Failures,
        Parallel = sweep.Budget.Parallel,
    };

    private static PlanEstimate Estimate(Sweep sweep, SweepPreview preview) => new()
    {
        Currency = sweep.Cost.Currency,
        Notional = sweep.Target is Target.Process,
        TrialSeconds = preview.TrialTime.TotalSeconds,
        Trials = preview.Trials,
        WallTimeSeconds = preview.WallTime.TotalSeconds,
        CheapestPerHour = preview.Space.Cheapest,
        DearestPerHour = preview.Space.Dearest,
        LeastMoney = preview.LeastMoney,
        MostMoney = preview.MostMoney,
    };

    private static PlanCandidate? Candidate(Sweep sweep, Candidate? candidate) => candidate is null ? null : new PlanCandidate
    {
        Candidate = new OrderedDictionary<string, string>(candidate.Values.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Text)), StringComparer.Ordinal),
        Command = sweep.Target is Target.Process process ? CommandLine.Arguments(process, sweep.Space, candidate) : null,
        Workflow = FirstWorkflow.Json(sweep, candidate),
        Replicas = sweep.Target is Target.Process replicated ? CommandLine.Replicas(replicated, sweep.Space, candidate) : null,
    };
}
