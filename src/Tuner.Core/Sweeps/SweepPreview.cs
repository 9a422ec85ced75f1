using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using Tuner.Core.Definitions;
using Tuner.Core.Planning;
using Tuner.Core.Pricing;
using Tuner.Core.Slos;
using Tuner.Core.Space;

namespace Tuner.Core.Sweeps;

/// <summary>What a sweep would do on this machine, without doing any of it.</summary>
public sealed record SweepPreview
{
    /// <summary>What starting and stopping a candidate is assumed to take.</summary>
    public static TimeSpan StartAndStop { get; } = TimeSpan.FromSeconds(3);

    public required SpaceTally Space { get; init; }

    public required ImmutableArray<SloDecidability> Slos { get; init; }

    /// <summary>One whole trial: start and stop (assumed), warm-up and load.</summary>
    public required TimeSpan TrialTime { get; init; }

    /// <summary>The most trials: by the budget, or because no more are wanted.</summary>
    public required long Trials { get; init; }

    /// <summary>The longest the sweep takes: its trials one after the other (or side by side), within the budget.</summary>
    public required TimeSpan WallTime { get; init; }

    /// <summary>The most money spent, if every trial were of the dearest candidate; within the budget. Null where nothing can be measured.</summary>
    public decimal? MostMoney { get; init; }

    /// <summary>The same if every trial were of the cheapest.</summary>
    public decimal? LeastMoney { get; init; }

    /// <summary>What is doubtful about the plan.</summary>
    public required ImmutableArray<string> Warnings { get; init; }

    /// <summary>Why nothing could be measured; null where something can.</summary>
    public string? Impossible { get; init; }

    public static SweepPreview Of(Sweep sweep, MachineCapacity machine)
    {
        var tally = SpaceTally.Of(sweep, machine);
        var slos = sweep.Slos.Select(slo => SloDecidability.Of(slo, sweep.Load, sweep.Measurement, sweep.Verification)).ToImmutableArray();
        var trialTime = StartAndStop + sweep.Measurement.Warmup + sweep.Load.Duration;
        var trials = MostTrials(sweep, tally);
        var sideBySide = sweep.Target is Target.Process ? 1 : sweep.Budget.Parallel;
        var wallTime = TimeSpan.FromSeconds(Math.Min(TimeSpan.MaxValue.TotalSeconds / 2, Math.Ceiling((double)trials / sideBySide) * trialTime.TotalSeconds));
        var most = Spent(tally.Dearest, trialTime, trials, sweep.Budget.Money);
        return new SweepPreview
        {
            Space = tally,
            Slos = slos,
            TrialTime = trialTime,
            Trials = trials,
            WallTime = sweep.Budget.WallTime is { } limit && limit < wallTime ? limit : wallTime,
            MostMoney = most,
            LeastMoney = Spent(tally.Cheapest, trialTime, trials, sweep.Budget.Money),
            Impossible = tally.First is null ? Nothing(tally) : null,
            Warnings = [.. Warn(sweep, machine, tally, trialTime, trials, slos)],
        };
    }

    private static long MostTrials(Sweep sweep, SpaceTally tally)
    {
        var verification = ((long)VerificationLooks.Most(sweep) * sweep.Verification.Finalists) + (sweep.Baseline is null ? 0 : sweep.Verification.Repeats);
        var wanted = tally.Measurable is { } candidates
            ? (candidates * sweep.Measurement.MaxRepeats) + verification
            : new BigInteger(long.MaxValue);
        return (long)BigInteger.Min(wanted, sweep.Budget.Trials ?? long.MaxValue);
    }

    private static decimal? Spent(decimal? perHour, TimeSpan trialTime, long trials, decimal? limit)
    {
        if (perHour is not { } price)
        {
            return null;
        }

        var hours = trials * trialTime.TotalHours;
        var spent = hours * (double)price < 1e15 ? price * (decimal)hours : 1e15m;
        return limit is { } most && most < spent ? most : spent;
    }

    private static string Nothing(SpaceTally tally) => tally.ExcludedSeen > 0
        ? $"this machine can hold none of the candidates: {tally.Excluded.OrderByDescending(pair => pair.Value).First().Key}. Name smaller instance types or fewer replicas, or set measurement.allowOvercommit: true."
        : "no candidate was found.";

    private static IEnumerable<string> Warn(Sweep sweep, MachineCapacity machine, SpaceTally tally, TimeSpan trialTime, long trials, ImmutableArray<SloDecidability> slos)
    {
        if (sweep.Baseline is null)
        {
            yield return "there is no baseline: savings cannot be told. Add baseline with today's configuration.";
        }
        else if (!sweep.Measurement.AllowOvercommit && LocalFit.WhyNot(sweep, sweep.Baseline, machine) is { } reason)
        {
            yield return $"the baseline is not measured: it {reason}.";
        }

        if (sweep.Measurement.AllowOvercommit && sweep.Target is Target.Process)
        {
            yield return "measurement.allowOvercommit: candidates larger than this machine are measured too; what is recommended is then not representative of their instance types.";
        }

        if (sweep.Search.Strategy is "grid" or "list" && tally.Measurable is { } candidates && sweep.Budget.Trials is { } most && candidates > most)
        {
            yield return $"the strategy {sweep.Search.Strategy} has {candidates.ToString("N0", CultureInfo.InvariantCulture)} candidates, and budget.trials allows {most}: the rest is never measured. Raise it, or let another strategy choose.";
        }

        if (sweep.Budget.WallTime is { } wall && wall < trialTime * Math.Min(trials, 10))
        {
            yield return $"budget.wallTime ({Quantities.Show(wall)}) holds {(long)(wall / trialTime)} trials of {Quantities.Show(trialTime)}. Raise it, or shorten the load.";
        }

        if (sweep.Budget.Parallel > 1 && sweep.Target is Target.Process)
        {
            yield return $"budget.parallel is {sweep.Budget.Parallel}, and trials on one machine run one at a time.";
        }

        foreach (var slo in slos.Where(slo => slo.Tight))
        {
            yield return $"'{slo.Slo.Text}' is hard to decide: {slo.Reason}, and a verdict over several looks takes {slo.NeededToJudge:N0} where all goes well.";
        }

        var samples = sweep.Space.Instances.Values.Where(instance => instance.Sample).OrderBy(instance => instance.Vcpus).ThenBy(instance => instance.Name, StringComparer.Ordinal).Select(instance => $"'{instance.Name}'").ToList();
        if (samples.Count > 0)
        {
            yield return samples is [var only]
                ? $"{only} is a sample size: nobody sells it, and its price is notional."
                : $"{string.Join(", ", samples[..^1])} and {samples[^1]} are sample sizes: nobody sells them, and their prices are notional.";
        }
    }
}
