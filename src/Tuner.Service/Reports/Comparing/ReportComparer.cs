using System.Collections.Immutable;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Comparing;

/// <summary>Sets two reports side by side. Pure.</summary>
public static class ReportComparer
{
    public static ReportComparison Compare(Report left, Report right)
    {
        var (one, two) = (Side(left), Side(right));
        return new ReportComparison
        {
            Left = one,
            Right = two,
            Summary = Summary(one, two),
            SameQuestion = string.Equals(left.Sweep.Fingerprint, right.Sweep.Fingerprint, StringComparison.Ordinal),
            Differences = [.. Differences(left, right)],
            Winners = Winners(left, right),
            Candidates = Candidates(left, right),
        };
    }

    private static SweepSide Side(Report report)
    {
        var winner = report.Find(report.Verdict.Winner);
        return new SweepSide
        {
            Id = report.Sweep.Id,
            Name = report.Sweep.Name,
            EndedAt = report.Evidence.EndedAt,
            Status = report.Verdict.Status,
            Headline = report.Verdict.Headline,
            Winner = winner?.Key,
            Currency = report.Sweep.Currency,
            CostPerHour = winner?.CostPerHour,
            CostPerMonth = winner?.CostPerMonth,
            Trials = report.Evidence.Trials,
            CandidatesTried = report.Evidence.CandidatesTried,
            Money = report.Spend.Money,
            Machine = $"{report.Evidence.Machine.Cpu ?? "unknown CPU"}, {report.Evidence.Machine.Cores} cores, {report.Evidence.Machine.Fingerprint ?? "no fingerprint"}",
            Tuner = report.Evidence.Versions.Tuner,
        };
    }

    private static string Summary(SweepSide left, SweepSide right) => (left, right) switch
    {
        ({ Winner: null }, { Winner: null }) => "Neither sweep has a winner.",
        ({ Winner: null }, _) => $"Only {right.Id} has a winner: {right.Winner} at {Figures.Money(right.CostPerHour, right.Currency)} per hour.",
        (_, { Winner: null }) => $"Only {left.Id} has a winner: {left.Winner} at {Figures.Money(left.CostPerHour, left.Currency)} per hour. {right.Headline}.",
        _ when left.Currency != right.Currency => $"The winners are priced in {left.Currency} and {right.Currency}: their costs do not compare.",
        _ => $"{(left.Winner == right.Winner ? "The same winner" : "Another winner")}, {Cost(left, right)}.",
    };

    private static string Cost(SweepSide left, SweepSide right) => left.CostPerHour == right.CostPerHour
        ? $"at the same {Figures.Money(right.CostPerHour, right.Currency)} per hour"
        : $"at {Figures.Money(right.CostPerHour, right.Currency)} per hour instead of {Figures.Money(left.CostPerHour, left.Currency)}"
            + (left.CostPerHour is > 0 and { } before ? $" ({Figures.Change((double)((right.CostPerHour!.Value / before) - 1))})" : "");

    private static IEnumerable<string> Differences(Report left, Report right)
    {
        foreach (var (name, before, after) in new[]
        {
            ("Name", left.Sweep.Name, right.Sweep.Name),
            ("SLOs", string.Join("; ", left.Sweep.Slos), string.Join("; ", right.Sweep.Slos)),
            ("Request", left.Sweep.Load.Request, right.Sweep.Load.Request),
            ("Load", Load(left), Load(right)),
            ("Objective", left.Sweep.Objective.ToString(), right.Sweep.Objective.ToString()),
            ("Strategy", $"{left.Sweep.Strategy}, seed {left.Sweep.Seed}", $"{right.Sweep.Strategy}, seed {right.Sweep.Seed}"),
            ("Baseline", left.Sweep.Baseline ?? "none", right.Sweep.Baseline ?? "none"),
            ("Machine", left.Evidence.Machine.Fingerprint ?? "unknown", right.Evidence.Machine.Fingerprint ?? "unknown"),
            ("Tuner", left.Evidence.Versions.Tuner, right.Evidence.Versions.Tuner),
        })
        {
            if (!string.Equals(before, after, StringComparison.Ordinal))
            {
                yield return $"{name}: {before} → {after}";
            }
        }
    }

    private static string Load(Report report) => string.Join(", ", report.Sweep.Load.Phases.Select(phase =>
        $"{phase.Name} {(phase.RatePerSecond is { } rate ? Figures.Rate(rate) : $"{phase.Users} users")} for {Figures.Duration(phase.DurationSeconds)}"));

    private static ImmutableArray<SloChange> Winners(Report left, Report right)
    {
        if (left.Find(left.Verdict.Winner) is not { } before || right.Find(right.Verdict.Winner) is not { } after)
        {
            return [];
        }

        return
        [
            .. from one in before.Slos
               join two in after.Slos on (Metric(one), one.Unit, one.Phase) equals (Metric(two), two.Unit, two.Phase)
               select new SloChange(two.Slo, two.Unit, one.Limit, two.Limit, one.Estimate, two.Estimate, Share(one.Estimate, two.Estimate), Apart(one, two)),
        ];
    }

    /// <summary>What stands before the limit: <c>p99 latency</c>.</summary>
    private static string Metric(SloRow slo) => slo.Slo.Split('<', '>')[0].Trim();

    private static ImmutableArray<CandidateChange> Candidates(Report left, Report right)
    {
        var metric = right.Charts.CostLatency.Metric;
        return
        [
            .. from one in left.Candidates
               join two in right.Candidates on one.Key equals two.Key
               where one.Standing is not Standing.NotMeasured && two.Standing is not Standing.NotMeasured
               let before = Latency(one, metric)
               let after = Latency(two, metric)
               let share = Share(before.Seconds, after.Seconds)
               orderby Math.Abs(share ?? 0) descending, one.Key
               select new CandidateChange
               {
                   Key = one.Key,
                   LeftStanding = one.Standing,
                   RightStanding = two.Standing,
                   LeftCostPerHour = one.CostPerHour,
                   RightCostPerHour = two.CostPerHour,
                   LeftLatencySeconds = before.Seconds,
                   RightLatencySeconds = after.Seconds,
                   LatencyShare = share,
                   BeyondNoise = before.Slo is null || after.Slo is null ? null : Apart(before.Slo, after.Slo),
               },
        ];
    }

    private static (double? Seconds, SloRow? Slo) Latency(CandidateRow row, LatencyMetricRow metric)
    {
        var slo = row.Slos.FirstOrDefault(item => item.Unit == "s" && metric.Slo is not null && Metric(item) == metric.Slo.Split('<', '>')[0].Trim() && item.Phase == metric.Phase);
        return (slo?.Estimate ?? row.Latency?.P99, slo);
    }

    private static double? Share(double? before, double? after) => before is { } from && from != 0 && after is { } to ? (to / from) - 1 : null;

    private static bool? Apart(SloRow one, SloRow two) =>
        one is { Lower: { } lowerOne, Upper: { } upperOne } && two is { Lower: { } lowerTwo, Upper: { } upperTwo }
            ? upperOne < lowerTwo || upperTwo < lowerOne
            : null;
}
