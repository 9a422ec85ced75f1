using System.Collections.Immutable;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Comparing;

/// <summary>Sets two reports side by side. Pure.</summary>
public static class ReportComparer
{
    public static ReportComparison Compare(Report left, Report right)
    {
        var (one, two) = (Side(left), Side(right));
        var winners = Winners(left, right);
        return new ReportComparison
        {
            Left = one,
            Right = two,
            Summary = string.Join(' ', new[] { Summary(one, two), Kept(winners), QuestionDifferences.Sentence(left, right) }.OfType<string>()),
            SameQuestion = QuestionDifferences.None(left, right),
            Differences = [.. QuestionDifferences.Of(left, right).Select(difference => difference.Words)],
            Circumstances = [.. QuestionDifferences.Around(left, right)],
            Winners = winners,
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

    /// <summary>What the later winner keeps of its binding objective, beside the earlier one; null where there is none to compare.</summary>
    private static string? Kept(ImmutableArray<SloChange> winners) => winners.FirstOrDefault(slo => slo.Binding) is not { Left: { } before, Right: { } after } binding
        ? null
        : $"Its {Metric(binding.Slo)} is {Figures.InUnit(after, binding.Unit)} {(before == after ? "as before" : $"instead of {Figures.InUnit(before, binding.Unit)}{ComparisonRows.Change(binding)}")}{Margins(binding)}.";

    private static string Margins(SloChange slo) => (slo.LeftMargin, slo.RightMargin) is ({ } before, { } after)
        ? $"; margin {Figures.Margin(after)} instead of {Figures.Margin(before)}"
        : "";

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
               select new SloChange(two.Slo, two.Unit, one.Limit, two.Limit, one.Estimate, two.Estimate, Share(one.Estimate, two.Estimate), Apart(one, two))
               {
                   LeftMargin = one.Margin,
                   RightMargin = two.Margin,
                   Binding = two.Binding,
               },
        ];
    }

    /// <summary>What stands before the limit: <c>p99 latency</c>.</summary>
    private static string Metric(SloRow slo) => Metric(slo.Slo);

    private static string Metric(string slo) => slo.Split('<', '>')[0].Trim();

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
