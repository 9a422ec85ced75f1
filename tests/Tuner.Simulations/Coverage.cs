using System.Collections.Concurrent;
using Tuner.Core.Measurements;
using Tuner.Core.Slos;
using Tuner.Testing.Simulation;

namespace Tuner.Simulations;

/// <summary>
/// How often the intervals hold the true value, and how often a value exactly at the limit is called met or missed by any
/// of the planned looks, over many simulated series.
/// </summary>
public static class Coverage
{
    private const int Looks = 5;
    private const double Rate = 100;
    private static readonly int[] Lengths = [8, 20, 60, 180, 600];
    private static readonly NoiseFamily[] Families = [NoiseFamily.Calm, NoiseFamily.Bursty, NoiseFamily.Spells];

    public static void Print(TextWriter output, int series, string? onlyFamily, int? onlyLength, int seed)
    {
        output.WriteLine($"p99 latency at {Rate:F0} requests/s, {series} series each (seed {seed}), {Looks} planned looks (one after each repeat), confidence 95 %.");
        output.WriteLine("covered: the two-sided 95 % interval of a single look holds the true value. width: median upper/lower. n-eff: median effective requests.");
        output.WriteLine("power: met when the limit is twice the true value, missed when it is half. at limit: met or missed by any look so far.");
        output.WriteLine();
        output.WriteLine($"{"noise",-8}{"run",6}{"repeats",8}{"blocks",8}{"covered",9}{"none",7}{"width",8}{"n-eff",9}{"of",9}{"power met",11}{"missed",8}{"at limit: met",15}{"missed",8}");
        foreach (var family in Families.Where(family => onlyFamily is null || string.Equals(family.Name, onlyFamily, StringComparison.Ordinal)))
        {
            foreach (var length in Lengths.Where(length => onlyLength is null || length == onlyLength))
            {
                Print(output, family, length, series, seed);
            }
        }
    }

    private static void Print(TextWriter output, NoiseFamily family, int length, int series, int seed)
    {
        var service = new LatencySeries(family, Rate);
        var truth = service.TrueQuantile(0.99);
        var outcomes = new ConcurrentBag<Outcome[]>();
        Parallel.For(0, series, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, index =>
            outcomes.Add(Follow(service, truth, length, Chance.For(seed, Chance.Hash(family.Name), length, index))));
        for (var look = 0; look < Looks; look++)
        {
            var at = outcomes.Select(outcome => outcome[look]).ToList();
            double Share(Func<Outcome, bool> condition) => 100.0 * at.Count(condition) / at.Count;
            double Ever(SloVerdict verdict) => 100.0 * outcomes.Count(outcome => outcome.Take(look + 1).Any(each => each.AtLimit == verdict)) / outcomes.Count;
            output.WriteLine(
                $"{family.Name,-8}{length + " s",6}{look + 1,8}{(look + 1) * length / family.BlockSeconds,8:F0}{Share(each => each.Covered),8:F1}%{Share(each => each.Width is null),6:F1}%"
                + $"{Median(at.Select(each => each.Width ?? double.PositiveInfinity)),8:F2}{Median(at.Select(each => each.Effective)),9:F0}{(look + 1) * length * Rate,9:F0}"
                + $"{Share(each => each.TwiceTheTruth is SloVerdict.Met),10:F0}%{Share(each => each.HalfTheTruth is SloVerdict.Missed),7:F0}%{Ever(SloVerdict.Met),14:F2}%{Ever(SloVerdict.Missed),7:F2}%");
        }
    }

    private static Outcome[] Follow(LatencySeries service, double truth, int length, Chance chance)
    {
        var plan = new JudgingPlan { Looks = Looks };
        var once = new JudgingPlan();
        var runs = new List<Measurement>();
        var outcomes = new Outcome[Looks];
        for (var look = 0; look < Looks; look++)
        {
            runs.Add(service.Run(length, chance));
            var assessed = SloJudge.Assess(Limit(truth), runs, plan);
            var interval = SloJudge.Assess(Limit(truth), runs, once);
            SloVerdict Against(double limit) =>
                assessed.Upper <= limit ? SloVerdict.Met : assessed.Lower > limit ? SloVerdict.Missed : SloVerdict.Unknown;
            outcomes[look] = new Outcome(
                (interval.Lower ?? 0) <= truth && truth <= (interval.Upper ?? double.PositiveInfinity),
                interval.Upper / interval.Lower,
                assessed.EffectiveRequests ?? 0,
                assessed.Verdict,
                Against(2 * truth),
                Against(truth / 2));
        }

        return outcomes;
    }

    private static Slo Limit(double seconds) => new()
    {
        Text = "p99 latency <= limit",
        Metric = new QuantileMetric(Measurement.LatencySeries, 0.99),
        Bound = Bound.AtMost,
        Limit = seconds,
    };

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private sealed record Outcome(bool Covered, double? Width, double Effective, SloVerdict AtLimit, SloVerdict TwiceTheTruth, SloVerdict HalfTheTruth);
}
