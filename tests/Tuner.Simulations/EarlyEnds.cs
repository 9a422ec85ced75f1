using System.Collections.Concurrent;
using Tuner.Core.Measurements;
using Tuner.Core.Planning;
using Tuner.Core.Slos;
using Tuner.Core.Space;
using Tuner.Testing.Simulation;

namespace Tuner.Simulations;

/// <summary>
/// What early ends save on the simulated service, and how often they are wrong: first trials of candidates drawn from the
/// whole space, 20 s each, looked at once a second with the answers that have arrived by then.
/// </summary>
public static class EarlyEnds
{
    private const int TrialsOfEach = 24;

    public static void Print(TextWriter output, int sweeps)
    {
        output.WriteLine($"First trials of 20 s on {sweeps} simulated services, {TrialsOfEach} candidates each, drawn from the whole space.");
        output.WriteLine("false abort: a truly feasible candidate ended as hopeless. false good: a truly infeasible one ended as clearly good.");
        output.WriteLine("agreed: the SLO judge says the same of what was measured until the end.");
        output.WriteLine();
        output.WriteLine($"{"noise",-9}{"trials",8}{"load saved",12}{"hopeless",10}{"good",7}{"feasible",10}{"false abort",13}{"false good",12}{"agreed",8}");
        foreach (var noise in new[] { NoiseFamily.Calm, SimulatedSweep.TypicalNoise, NoiseFamily.Bursty })
        {
            var trials = new ConcurrentBag<Ended>();
            Parallel.For(1, sweeps + 1, seed =>
            {
                foreach (var ended in Trials(SimulatedSweep.Create(seed, noise)))
                {
                    trials.Add(ended);
                }
            });
            Print(output, noise.Name, [.. trials]);
        }
    }

    private static void Print(TextWriter output, string noise, Ended[] trials)
    {
        var feasible = trials.Where(trial => trial.Feasible).ToArray();
        var infeasible = trials.Where(trial => !trial.Feasible).ToArray();
        var early = trials.Where(trial => trial.Early is not null).ToArray();
        output.WriteLine(
            $"{noise,-9}{trials.Length,8}{Percent(trials.Sum(trial => trial.Planned - trial.Seconds), trials.Sum(trial => trial.Planned)),12}"
            + $"{Percent(early.Count(trial => trial.Hopeless), trials.Length),10}{Percent(early.Count(trial => !trial.Hopeless), trials.Length),7}"
            + $"{Percent(feasible.Length, trials.Length),10}{Percent(feasible.Count(trial => trial.Hopeless), feasible.Length),13}"
            + $"{Percent(infeasible.Count(trial => trial.Early is not null && !trial.Hopeless), infeasible.Length),12}{Percent(early.Count(trial => trial.Agreed), early.Length),8}");
    }

    private static string Percent(double part, double whole) => whole > 0 ? $"{100 * part / whole:F2} %" : "-";

    private static IEnumerable<Ended> Trials(SimulatedSweep simulated)
    {
        var sweep = simulated.Sweep;
        var runnable = sweep.Space.Enumerate().Where(candidate => simulated.Service.Surface.FailureOf(candidate) is null).ToList();
        var chance = Chance.For(sweep.Search.Seed, 23);
        for (var number = 1; number <= TrialsOfEach; number++)
        {
            var candidate = runnable[(int)(chance.Uniform() * runnable.Count)];
            var whole = simulated.Service.Measure(candidate, sweep.Load, number, TimeSpan.Zero, DateTimeOffset.UnixEpoch);
            yield return Follow(simulated, candidate, whole);
        }
    }

    private static Ended Follow(SimulatedSweep simulated, Candidate candidate, Measurement whole)
    {
        var measured = SimulatedTrialRunner.Shortened(new EarlyEnd(simulated.Sweep.Slos, simulated.Sweep.Load, simulated.Sweep.Judging(verifying: false)), whole);
        var plan = new JudgingPlan { Looks = simulated.Sweep.Measurement.MaxRepeats };
        var verdicts = simulated.Sweep.Slos.Select(slo => SloJudge.Assess(slo, [measured], plan).Verdict).ToList();
        var hopeless = measured.EndedEarly?.StartsWith("hopeless", StringComparison.Ordinal) == true;
        return new Ended(
            simulated.IsFeasible(candidate),
            measured.EndedEarly,
            hopeless,
            whole.Phases.Sum(phase => phase.Seconds.Length),
            measured.Phases.Sum(phase => phase.Seconds.Length),
            hopeless ? verdicts.Contains(SloVerdict.Missed) : verdicts.TrueForAll(verdict => verdict is SloVerdict.Met));
    }

    private sealed record Ended(bool Feasible, string? Early, bool Hopeless, int Planned, int Seconds, bool Agreed);
}
