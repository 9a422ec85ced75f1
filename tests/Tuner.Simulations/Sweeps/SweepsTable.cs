using System.Collections.Concurrent;
using Tuner.Core.Measurements;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Testing.Simulation;

namespace Tuner.Simulations.Sweeps;

/// <summary>
/// Whole sweeps on simulated services: planner, strategy, judge, verification and recommender as they are, and the same
/// without verification. Each seed is another service, load, limit and noise.
/// </summary>
internal static class SweepsTable
{
    private const int NoiseTrials = 12;

    /// <summary>At this share of its limit hardly a sweep has a feasible candidate.</summary>
    private const double Tight = 0.3;

    private static readonly Variant[] Verifications =
    [
        new("with verification", sweep => sweep),
        new("without verification", sweep => sweep with { Verification = sweep.Verification with { Repeats = 0 } }),
    ];

    private static readonly Variant[] Fidelities =
    [
        new("short looks, ends early", sweep => sweep with { Search = sweep.Search with { Screening = TimeSpan.FromSeconds(6) } }),
        new("ends early", sweep => sweep),
        new("every trial in full", sweep => sweep with { Measurement = sweep.Measurement with { EarlyAbort = false } }),
    ];

    /// <param name="output">Where to.</param>
    /// <param name="first">The seed of the first sweep.</param>
    /// <param name="sweeps">How many.</param>
    /// <param name="each">Print a line for each sweep, too.</param>
    /// <param name="fidelity">Compare short first looks with whole trials instead of sweeps with and without verification.</param>
    /// <param name="tight">With limits so tight that nothing is feasible; the sweeps where something still is are left out.</param>
    public static void Print(TextWriter output, int first, int sweeps, bool each, bool fidelity, bool tight)
    {
        var variants = fidelity ? Fidelities : Verifications;
        var (outcomes, noise) = (variants.ToDictionary(variant => variant.Name, _ => new ConcurrentBag<SweepOutcome>(), StringComparer.Ordinal), new ConcurrentBag<double>());
        Parallel.For(first, first + sweeps, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, seed =>
        {
            var simulated = SimulatedSweep.Create(seed, Noise(seed));
            if (tight)
            {
                simulated = simulated.With(sweep => sweep with { Slos = [sweep.Slos[0] with { Limit = sweep.Slos[0].Limit * Tight }, .. sweep.Slos.Skip(1)] });
                if (simulated.Best is not null)
                {
                    return;
                }
            }

            if (simulated.Best is { } best)
            {
                noise.Add(NoiseOf(simulated, best));
            }

            foreach (var variant in variants)
            {
                outcomes[variant.Name].Add(SweepOutcome.Of(simulated.With(variant.Change), seed));
            }
        });
        output.WriteLine($"{outcomes[variants[0].Name].Count} simulated sweeps{(tight ? " without a feasible candidate" : "")}: 192 candidates, budget of 60 trials of 20 s, another service, load, limit and noise each.");
        if (!noise.IsEmpty)
        {
            output.WriteLine($"Noise of a trial's p99 (deviation of ln over {NoiseTrials} trials of the best candidate): median {Percent(Quantile(noise, 0.5))}, 5th to 95th percentile {Percent(Quantile(noise, 0.05))} to {Percent(Quantile(noise, 0.95))}.");
        }

        output.WriteLine($"With none wrong of all, at most {Percent(1 - Math.Pow(0.05, 1.0 / sweeps))} are (95 %). Behind the regret: the bootstrap interval of its mean.");
        output.WriteLine("wrong: the recommended candidate violates its SLO in truth. regret: its extra cost over the cheapest truly feasible one.");
        output.WriteLine();
        output.WriteLine($"{"",-24}{"recommended",12}{"wrong",9}{"worst by",10}{"verified",10}{"of margin",11}{"regret",9}{"95 %",17}{"right best",12}{"trials",8}{"failed",8}{"load s",8}");
        foreach (var variant in variants)
        {
            Row(output, variant.Name, [.. outcomes[variant.Name]]);
        }

        output.WriteLine();
        foreach (var variant in variants)
        {
            var all = outcomes[variant.Name];
            output.WriteLine($"load of a sweep {variant.Name}: {string.Join(", ", Enum.GetValues<TrialPurpose>().Select(purpose => $"{purpose} {all.Average(outcome => outcome.LoadSecondsByPurpose.GetValueOrDefault(purpose)):F0} s"))}");
        }

        output.WriteLine();
        foreach (var variant in variants.SkipLast(1))
        {
            Paired(output, variant.Name, outcomes[variant.Name], variants[^1].Name, outcomes[variants[^1].Name]);
        }

        var verified = outcomes[variants[0].Name];
        if (each)
        {
            foreach (var outcome in verified.OrderBy(outcome => outcome.Seed))
            {
                output.WriteLine(outcome.Line);
            }
        }

        output.WriteLine();
        foreach (var variant in tight ? variants : variants[..1])
        {
            output.WriteLine($"How the sweeps {variant.Name} ended:");
            foreach (var ending in outcomes[variant.Name].GroupBy(outcome => outcome.Ending, StringComparer.Ordinal).OrderByDescending(group => group.Count()))
            {
                output.WriteLine($"{ending.Count(),6}  {ending.Key}  (first seeds {string.Join(' ', ending.Select(outcome => outcome.Seed).Order().Take(5))})");
            }
        }
    }

    /// <summary>Noise of each seed's own, so that p99 of a 20-second trial deviates by about 8 to 15 %.</summary>
    internal static NoiseFamily Noise(int seed)
    {
        var chance = Chance.For(seed, 31);
        return new NoiseFamily
        {
            Name = "sweeps",
            LevelDeviation = 0.09 + (0.08 * chance.Uniform()),
            CorrelationSeconds = 1 + (4 * chance.Uniform()),
            BetweenDeviation = 0.05 + (0.04 * chance.Uniform()),
        };
    }

    private static double NoiseOf(SimulatedSweep simulated, Candidate best)
    {
        var logs = Enumerable.Range(1001, NoiseTrials)
            .Select(number => simulated.Service.Measure(best, simulated.Sweep.Load, number, TimeSpan.Zero, DateTimeOffset.UnixEpoch))
            .Select(measured => Math.Log(measured.Phases[0].Series(Measurement.LatencySeries).Quantile(0.99).TotalSeconds))
            .ToArray();
        var mean = logs.Average();
        return Math.Sqrt(logs.Sum(log => (log - mean) * (log - mean)) / (logs.Length - 1));
    }

    private static void Row(TextWriter output, string name, IReadOnlyList<SweepOutcome> outcomes)
    {
        var recommended = outcomes.Where(outcome => outcome.Recommended).ToList();
        var margin = outcomes.Where(outcome => outcome.HasMargin).ToList();
        var wrong = recommended.Where(outcome => outcome.Violation is not null).ToList();
        var regrets = recommended.Select(outcome => outcome.Regret).OfType<double>().ToList();
        output.WriteLine(
            $"{name,-24}{recommended.Count,12}{Share(wrong.Count, recommended.Count),9}{Percent(wrong.Select(outcome => outcome.Violation!.Value).DefaultIfEmpty(0).Max()),10}"
            + $"{Share(outcomes.Count(outcome => outcome.Verified), outcomes.Count),10}{Share(margin.Count(outcome => outcome.Verified), margin.Count),11}"
            + $"{Percent(regrets.DefaultIfEmpty(0).Average()),9}{Interval(regrets),17}{Share(regrets.Count(regret => regret < 1e-9), outcomes.Count),12}"
            + $"{outcomes.Average(outcome => outcome.Trials),8:F1}{outcomes.Average(outcome => outcome.Failed),8:F1}{outcomes.Average(outcome => outcome.LoadSeconds),8:F0}");
    }

    /// <summary>Regret is heavy-tailed, and a few sweeps make it: the same sweeps are compared with each other.</summary>
    private static void Paired(TextWriter output, string name, IEnumerable<SweepOutcome> outcomes, string otherName, IEnumerable<SweepOutcome> others)
    {
        var pairs = outcomes.OrderBy(outcome => outcome.Seed).Join(others, outcome => outcome.Seed, other => other.Seed, (outcome, other) => (outcome, other)).ToList();
        var regrets = pairs.Where(pair => pair.outcome.Regret is not null && pair.other.Regret is not null).Select(pair => pair.outcome.Regret!.Value - pair.other.Regret!.Value).ToList();
        var loads = pairs.ConvertAll(pair => pair.outcome.LoadSeconds - pair.other.LoadSeconds);
        output.WriteLine(
            $"{name} against {otherName}: {Percent(pairs.Sum(pair => pair.outcome.LoadSeconds) / pairs.Sum(pair => pair.other.LoadSeconds))} of the load ({loads.DefaultIfEmpty(0).Average():+0;-0;0} s a sweep); "
            + $"regret {100 * regrets.DefaultIfEmpty(0).Average():+0.0;-0.0;0.0} points ({Interval(regrets)}) over the {regrets.Count} sweeps where both answered rightly, "
            + $"smaller in {regrets.Count(difference => difference < -1e-9)}, larger in {regrets.Count(difference => difference > 1e-9)}.");
    }

    /// <summary>The percentile bootstrap interval of the mean over sweeps.</summary>
    private static string Interval(List<double> values)
    {
        const int Resamples = 4_000;
        if (values.Count == 0)
        {
            return "-";
        }

        var chance = Chance.For(values.Count, 41);
        var means = Enumerable.Range(0, Resamples)
            .Select(_ => Enumerable.Range(0, values.Count).Average(_ => values[(int)(chance.Uniform() * values.Count)]))
            .ToArray();
        return $"{100 * Quantile(means, 0.025):F1} to {100 * Quantile(means, 0.975):F1} %";
    }

    private static double Quantile(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted[(int)(share * (sorted.Length - 1))];
    }

    private static string Share(int part, int whole) => whole == 0 ? "-" : Percent((double)part / whole);

    private static string Percent(double share) => $"{100 * share:F1} %";

    private sealed record Variant(string Name, Func<Sweep, Sweep> Change);
}
