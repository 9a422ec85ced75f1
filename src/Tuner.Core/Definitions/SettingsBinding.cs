using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Tuner.Core.Schedules;
using Tuner.Core.Sweeps;

namespace Tuner.Core.Definitions;

/// <summary>Reads names, budgets and the settings of search, measurement, verification and schedule.</summary>
internal static partial class SettingsBinding
{
    public static string Name(Section root, string fileName)
    {
        var metadata = root.Sub("metadata");
        if (metadata.Text("name") is { } name)
        {
            if (!SweepName().IsMatch(name))
            {
                var plain = Plain(name);
                metadata.Error("name", $"'{name}' is no name of a sweep. Write at most 50 lower-case letters, digits and dashes{(plain.Length > 0 ? $", such as {plain}" : "")}.");
            }

            return name;
        }

        var fromFile = Plain(Path.GetFileNameWithoutExtension(fileName));
        return fromFile.Length > 0 ? fromFile : "sweep";
    }

    public static ImmutableSortedDictionary<string, string> Labels(Section root) =>
        root.Sub("metadata").Scalars("labels").ToImmutableSortedDictionary(item => item.Key, item => item.Value.Text, StringComparer.Ordinal);

    /// <summary>What is minimized, and the reported number's name where it is one.</summary>
    public static (Objective Objective, string? Minimized) Objective(Section root)
    {
        var objective = root.Sub("objective");
        const string PerHour = "cost per hour", PerMillion = "cost per million requests";
        string[] reported = [.. root.Sections("metrics").Select(metric => metric.Key)];
        var wanted = objective.Text("minimize") ?? PerHour;
        var (read, minimized) = wanted switch
        {
            PerHour => (Sweeps.Objective.CostPerHour, (string?)null),
            PerMillion => (Sweeps.Objective.CostPerMillionRequests, null),
            _ => (Sweeps.Objective.ReportedMetric, wanted),
        };
        if (minimized is not null && !reported.Contains(minimized))
        {
            objective.Error("minimize", $"'{minimized}' cannot be minimized. {Spelling.Hint(minimized, [PerHour, PerMillion, .. reported])} A number that the target reports is declared in metrics.");
        }

        return (read, minimized);
    }

    public static SearchSettings Search(Section root, ImmutableArray<string> available, string? currency)
    {
        var search = root.Sub("search");
        var strategy = search.Text("strategy");
        if (strategy is not null && !available.Contains(strategy))
        {
            search.Error("strategy", $"'{strategy}' is not available in this version. {Spelling.Hint(strategy, available)}");
        }

        if (strategy is "list" != search.Has("candidates") && strategy is not null)
        {
            search.Error("candidates", strategy is "list"
                ? "is missing. The strategy list measures exactly the candidates that are listed there."
                : $"goes with strategy: list only, and the strategy is {strategy}. Write strategy: list, or remove the candidates.");
        }

        var goal = Amount(search, "goal", currency);
        return new SearchSettings { Strategy = strategy ?? "grid", Seed = (int)(search.Integer("seed") ?? 0), WarmStart = search.Flag("warmStart") ?? true, Patience = (int?)search.Integer("patience"), Goal = goal, Screening = search.Duration("screening") };
    }

    public static MeasurementSettings? Measurement(Section root)
    {
        var section = root.Sub("measurement");
        return section.Duration("warmup") is { } warmup && section.Integer("minRequests") is { } requests && section.Sub("repeats").Integer("max") is { } repeats
            && section.Flag("earlyAbort") is { } abort && section.Flag("allowOvercommit") is { } overcommit
            ? new MeasurementSettings { Warmup = warmup, MinRequests = (int)requests, MaxRepeats = (int)repeats, EarlyAbort = abort, AllowOvercommit = overcommit }
            : null;
    }

    public static string? Pool(Section root)
    {
        var section = root.Sub("measurement");
        var pool = section.Text("pool");
        if (pool is not null && !SweepName().IsMatch(pool))
        {
            section.Error("pool", $"'{pool}' is no name of a pool. Write at most 50 lower-case letters, digits and dashes, such as gpu-a.");
        }

        return pool;
    }

    public static SweepBudget Budget(Section root, string? currency)
    {
        var section = root.Sub("budget");
        var money = Amount(section, "money", currency);
        if (money == 0)
        {
            section.Error("money", "is zero, so that nothing could be measured. Raise it, or remove it for no limit.");
        }

        if (section.Duration("wallTime") == TimeSpan.Zero)
        {
            section.Error("wallTime", "is zero, so that nothing could be measured. Raise it, or remove it for no limit.");
        }

        return new SweepBudget
        {
            Trials = (int?)section.Integer("trials"),
            WallTime = section.Duration("wallTime"),
            Money = money,
            Failures = (int?)section.Integer("failures"),
            Parallel = (int)(section.Integer("parallel") ?? 1),
        };
    }

    public static VerificationSettings? Verification(Section root)
    {
        var section = root.Sub("verification");
        return section.Integer("finalists") is { } finalists && section.Integer("repeats") is { } repeats && section.Share("confidence") is { } confidence
            ? new VerificationSettings { Finalists = (int)finalists, Repeats = (int)repeats, Confidence = confidence }
            : null;
    }

    public static SweepSchedule? Schedule(Section root)
    {
        var section = root.Sub("schedule");
        if (!section.Exists)
        {
            return null;
        }

        var (cron, zone, overlap, missed) = (section.Text("cron"), section.Text("timeZone"), section.Text("overlap"), section.Text("missed"));
        if (cron is not null && ScheduleProblems.OfCron(cron) is { } problem)
        {
            section.Error("cron", problem);
        }

        if (zone is not null && ScheduleProblems.OfTimeZone(zone) is { } unknown)
        {
            section.Error("timeZone", unknown);
        }

        return cron is null || zone is null || overlap is null
            ? null
            : new SweepSchedule(
                cron,
                zone,
                overlap switch { "queue" => ScheduleOverlap.Queue, "cancel" => ScheduleOverlap.Cancel, _ => ScheduleOverlap.Skip },
                missed == "skip" ? MissedRuns.Skip : MissedRuns.Once);
    }

    /// <summary>An amount in the currency of the prices.</summary>
    private static decimal? Amount(Section section, string key, string? currency)
    {
        var money = section.Money(key);
        if (money?.Currency is { } written && currency is not null && written != currency)
        {
            section.Error(key, $"is in {written}, and prices are in {currency}; nothing is converted. Write the amount in {currency}.");
        }

        return money?.Amount;
    }

    private static string Plain(string name)
    {
        var plain = Other().Replace(name.ToLowerInvariant(), "-").Trim('-');
        return plain.Length > 50 ? plain[..50].Trim('-') : plain;
    }

    [GeneratedRegex(@"^[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?\z")]
    private static partial Regex SweepName();

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex Other();
}
