using System.Collections.Immutable;
using System.Globalization;
using Tuner.Core.Sweeps;
using Tuner.Service.Reports;

namespace Tuner.Service.Pages.Building;

/// <summary>What a sweep would do, line by line, for whoever is about to start it.</summary>
internal static class PlanModels
{
    public static ImmutableArray<(string Name, string Value)> Of(Sweep sweep, SweepPreview preview, MachineCapacity machine) => [.. Lines(sweep, preview, machine)];

    private static IEnumerable<(string Name, string Value)> Lines(Sweep sweep, SweepPreview preview, MachineCapacity machine)
    {
        var currency = sweep.Cost.Currency;
        if (preview.Impossible is { } impossible)
        {
            yield return ("Impossible", impossible);
        }

        yield return ("Candidates", Candidates(preview.Space));
        foreach (var (reason, count) in preview.Space.Excluded)
        {
            yield return ("Left out", $"{Words.Counted(count, "candidate")}: {reason}");
        }

        yield return ("Trials", $"at most {Figures.Count(preview.Trials)} of {Figures.Duration(preview.TrialTime.TotalSeconds)} each");
        yield return ("Time", $"at most {Figures.Duration(preview.WallTime.TotalSeconds)}");
        yield return ("Money", $"{Figures.Money(preview.LeastMoney, currency)} to {Figures.Money(preview.MostMoney, currency)}{(sweep.Target is Target.Process ? ", notional: local processes" : "")}");
        yield return ("Search", $"{sweep.Search.Strategy}, seed {sweep.Search.Seed.ToString(CultureInfo.InvariantCulture)}");
        foreach (var slo in preview.Slos)
        {
            yield return (slo.CanDecide ? "SLO" : "SLO, undecidable", $"{slo.Slo.Text}: {slo.Reason}");
        }

        yield return ("Verification", sweep.Verification.Repeats == 0 ? "turned off" : $"{Words.Counted(sweep.Verification.Finalists, "finalist")}, {Words.Counted(sweep.Verification.Repeats, "fresh measurement")} each, in turns with the baseline");
        if (sweep.Schedule is { } schedule)
        {
            yield return ("Schedule", $"{schedule.Cron} in {schedule.TimeZone}, once it is scheduled; starting it now starts it once");
        }

        yield return ("Baseline", sweep.Baseline?.Key ?? "none");
        yield return ("Machine", $"{machine.Cores} cores, {machine.GeneratorCores} for the load generator, {Figures.Bytes(machine.MemoryBytes)}; {machine.Enforcement}");
        foreach (var warning in preview.Warnings)
        {
            yield return ("Note", warning);
        }
    }

    private static string Candidates(SpaceTally tally) => tally.Measurable is { } measurable
        ? string.Create(CultureInfo.InvariantCulture, $"{measurable:N0} to choose from{(tally.Combinations is { } all && all != measurable ? $", of {all:N0} combinations" : "")}")
        : "more than can be counted";
}
