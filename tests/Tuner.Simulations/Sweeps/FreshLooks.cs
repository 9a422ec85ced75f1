using System.Collections.Concurrent;
using Tuner.Core.Measurements;
using Tuner.Core.Planning;
using Tuner.Core.Slos;
using Tuner.Testing.Simulation;

namespace Tuner.Simulations.Sweeps;

/// <summary>
/// How many fresh measurements it takes to confirm a finalist whose true p99 lies so far under the limit, and how often one
/// exactly at the limit is confirmed wrongly: the judge as verification asks it, on the services of <see cref="SweepsTable"/>.
/// </summary>
internal static class FreshLooks
{
    private static readonly double[] Margins = [0, 0.03, 0.06, 0.09, 0.12, 0.15, 0.25];

    public static void Print(TextWriter output, int services)
    {
        var looks = new ConcurrentBag<Look>();
        Parallel.For(1, services + 1, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, seed => Follow(seed, looks));
        output.WriteLine($"{services} simulated services, fresh measurements of 20 s of the best candidate; the limit lies so far over its true p99.");
        output.WriteLine("upper: median of ln(upper bound/estimate). error: mean and deviation of ln(estimate/truth). met, missed: by this look or an earlier one.");
        output.WriteLine();
        output.WriteLine($"{"fresh",6}{"upper",8}{"error",8}{"+-",8}{string.Concat(Margins.Select(margin => $"{$"met {100 * margin:F0} %",10}"))}{"missed 0 %",12}");
        foreach (var group in looks.GroupBy(look => look.Number).OrderBy(group => group.Key))
        {
            var errors = group.Select(look => look.Error).ToArray();
            var mean = errors.Average();
            output.WriteLine(
                $"{group.Key,6}{group.Select(look => look.Upper).Order().ElementAt(group.Count() / 2),8:F3}{mean,8:F3}{Math.Sqrt(errors.Average(error => (error - mean) * (error - mean))),8:F3}"
                + $"{string.Concat(Margins.Select((_, at) => $"{100.0 * group.Count(look => look.Met[at]) / group.Count(),8:F1} %"))}{100.0 * group.Count(look => look.MissedAtLimit) / group.Count(),10:F1} %");
        }
    }

    private static void Follow(int seed, ConcurrentBag<Look> looks)
    {
        var simulated = SimulatedSweep.Create(seed, SweepsTable.Noise(seed));
        if (simulated.Best is not { } best)
        {
            return;
        }

        var truth = simulated.TrueP99(best);
        var runs = new List<Measurement>();
        var met = new bool[Margins.Length];
        var missed = false;
        for (var number = 1; number <= VerificationLooks.Most(simulated.Sweep); number++)
        {
            runs.Add(simulated.Service.Measure(best, simulated.Sweep.Load, 2000 + number, TimeSpan.Zero, DateTimeOffset.UnixEpoch));
            if (VerificationLooks.SeenOf(simulated.Sweep, number) != number)
            {
                continue;
            }

            var assessed = SloJudge.Assess(simulated.Sweep.Slos[0] with { Limit = truth }, runs, simulated.Sweep.Judging(verifying: true));
            missed |= assessed.Lower > truth;
            if (number >= simulated.Sweep.Verification.Repeats)
            {
                met = [.. met.Select((before, at) => before || assessed.Upper <= truth / (1 - Margins[at]))];
            }

            looks.Add(new Look(number, Math.Log((assessed.Upper ?? double.PositiveInfinity) / assessed.Estimate!.Value), Math.Log(assessed.Estimate!.Value / truth), met, missed));
        }
    }

    private sealed record Look(int Number, double Upper, double Error, bool[] Met, bool MissedAtLimit);
}
