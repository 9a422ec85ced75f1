using System.Collections.Concurrent;
using System.Collections.Immutable;
using Tuner.Core.Gate;
using Tuner.Core.Measurements;
using Tuner.Core.Slos;
using Tuner.Testing.Simulation;

namespace Tuner.Simulations;

/// <summary>
/// How often the regression gate fails a night on which nothing has changed, and how often it sees a slowdown: whole
/// nights of measured pairs, each run a deployment of its own with 8 % noise between runs, after a month of history.
/// </summary>
public static class GateNights
{
    private const double Rate = 100;
    private const int Seconds = 20;
    private const int WarmupSeconds = 5;
    private const int HistoryNights = 30;
    private const int NightsOfAHistory = 50;
    private static readonly NoiseFamily Noise = SimulatedSweep.TypicalNoise with { Name = "gate", BetweenDeviation = 0.08 };

    private static readonly ConcurrentDictionary<(double SpeedShift, int History), ImmutableArray<GateNight>> Histories = [];

    private static readonly Slo P99 = new()
    {
        Text = "p99 latency",
        Metric = new QuantileMetric(Measurement.LatencySeries, 0.99),
        Bound = Bound.AtMost,
        Limit = 1,
    };

    // Beside the plan's own level, what others would have said of the same nights.
    private static readonly double[] Levels = [0.002, 0.005, 0.007, 0.01, 0.015];

    /// <param name="seed">Of the nights before; those judged go by the next number.</param>
    public static void Print(TextWriter output, int nights, int seed, int? pairs = null)
    {
        var plan = pairs is { } given ? new GatePlan { Pairs = given } : new GatePlan();
        var load = 2 * plan.Pairs * Seconds;
        output.WriteLine($"Nights of {plan.Pairs} pairs (configuration and baseline in turns), {Seconds} s at {Rate:F0} requests/s each: {load} s of load, {load + (2 * plan.Pairs * WarmupSeconds)} s with warm-up.");
        output.WriteLine($"Noise between runs {Noise.BetweenDeviation:P0}, within a run as on a shared machine; {HistoryNights} nights before. Fails at level {plan.FailLevel}, from {plan.LeastEffect:P0} on. Seed {seed}.");
        output.WriteLine();
        output.WriteLine($"{"what changed tonight",-44}{"nights",8}{"fail",10}{"warning",10}   fail at level {string.Concat(Levels.Select(level => $"{level,9}"))}");
        Line("nothing", nights, new Night(1, 0));
        Line("nothing; machine speed shifts by 20 %", nights, new Night(1, 0.2));
        foreach (var shift in new[] { 1.05, 1.08, 1.1, 1.12, 1.15, 1.2, 1.3 })
        {
            Line($"p99 {shift - 1:P0} up", Math.Max(100, nights / 5), new Night(shift, 0));
        }

        Line("p99 15 % up; machine speed shifts by 20 %", Math.Max(100, nights / 5), new Night(1.15, 0.2));

        void Line(string what, int count, Night night)
        {
            var reports = Judged(plan, night, count, seed, done => Console.Error.Write($"\r{what}: {done} of {count} nights "));
            Console.Error.Write("\r" + new string(' ', 79) + "\r");
            var others = Levels.Select((_, index) => Share(reports, report => report.AtLevels[index] is GateVerdict.Fail));
            output.WriteLine(
                $"{what,-44}{reports.Count,8}{Share(reports, report => report.Verdict is GateVerdict.Fail),10}{Share(reports, report => report.Verdict is GateVerdict.Warning),10}                 {string.Concat(others.Select(share => $"{share,9}"))}");
        }
    }

    private static string Share(List<Judgement> nights, Func<Judgement, bool> which) => $"{100.0 * nights.Count(which) / nights.Count:F2} %";

    /// <summary>Each history is judged on several nights of its own, so that one unlucky history does not decide.</summary>
    private static List<Judgement> Judged(GatePlan plan, Night tonight, int count, int seed, Action<int> progress)
    {
        var judgements = new ConcurrentBag<Judgement>();
        Parallel.For(0, (count + NightsOfAHistory - 1) / NightsOfAHistory, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, history =>
        {
            var before = Before(plan, tonight.SpeedShift, history, seed);
            for (var night = 0; night < NightsOfAHistory && (history * NightsOfAHistory) + night < count; night++)
            {
                var metrics = new[] { new MetricHistory(P99, Measure(plan, tonight, Chance.For(seed + 1, history, night, (int)(tonight.Slower * 1000))), before) };
                judgements.Add(new Judgement(
                    RegressionGate.Judge(metrics, plan).Verdict,
                    [.. Levels.Select(level => RegressionGate.Judge(metrics, plan with { FailLevel = level }).Verdict)]));
            }

            progress(judgements.Count);
        });
        return [.. judgements];
    }

    /// <summary>Every night before stood at a speed of its own too, where the machine's speed shifts. The same for all that may change tonight.</summary>
    private static ImmutableArray<GateNight> Before(GatePlan plan, double speedShift, int history, int seed) => Histories.GetOrAdd((speedShift, history), _ =>
        [.. Enumerable.Range(0, HistoryNights).Select(night => Measure(plan, new Night(1, speedShift), Chance.For(seed, history, night)))]);

    private static GateNight Measure(GatePlan plan, Night night, Chance chance)
    {
        var pairs = new List<(Measurement, Measurement?)>();
        var changesAt = (int)(chance.Uniform() * plan.Pairs * 2);
        var speeds = new[] { Speed(), Speed() };
        for (var pair = 0; pair < plan.Pairs; pair++)
        {
            // A B, B A: neither always comes first.
            var (subject, control) = pair % 2 == 0 ? (2 * pair, (2 * pair) + 1) : ((2 * pair) + 1, 2 * pair);
            pairs.Add((Run(night.Slower, subject), Run(1, control)));
        }

        return GateNight.Of(P99, DateTimeOffset.UnixEpoch, pairs);

        double Speed() => 1 + (night.SpeedShift * ((2 * chance.Uniform()) - 1));
        Measurement Run(double slower, int turn) =>
            new LatencySeries(Noise, Rate) { MedianSeconds = 0.03 * slower * speeds[turn < changesAt ? 0 : 1] }.RunAsOne(Seconds, chance);
    }

    /// <summary>What is true of a night: how much slower the configuration is, and how far the machine's speed may shift, between nights and once within.</summary>
    private sealed record Night(double Slower, double SpeedShift);

    private sealed record Judgement(GateVerdict Verdict, ImmutableArray<GateVerdict> AtLevels);
}
