using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics;
using Tuner.Core.Search;
using Tuner.Core.Slos;
using Tuner.Core.Space;
using Tuner.Search.Bayesian;

namespace Tuner.Benchmarks;

/// <summary>
/// <c>suggestion-time</c>: processor time of suggestions over 640 candidates with three SLOs, and time and memory over a
/// million combinations with a real-valued parameter beside.
/// </summary>
internal static class SuggestionTimeCommand
{
    public static Command Create()
    {
        var trials = new Option<int>("--trials") { DefaultValueFactory = _ => 25, Description = "Trials of each search." };
        var searches = new Option<int>("--searches") { DefaultValueFactory = _ => 6, Description = "Searches, each with another seed." };
        var command = new Command("suggestion-time", "Processor time and memory of the Bayesian strategy.") { trials, searches };
        command.SetAction(parsed => Run(parsed.GetValue(searches), parsed.GetValue(trials)));
        return command;
    }

    private static void Run(int searches, int trials)
    {
        Print("640 candidates, 3 SLOs", Enumerable.Range(0, searches + 1).Select(seed => Times(Small(seed), seed, trials)).Skip(1).ToList());
        Print("10^6 combinations x a real one, 3 SLOs", [Times(Large(), 1, trials)]);
        using var self = Process.GetCurrentProcess();
        Console.WriteLine($"peak resident memory of the whole process {self.PeakWorkingSet64 >> 20} MiB");
    }

    /// <summary>Milliseconds of processor time of each suggestion; the first one holds the preparation.</summary>
    private static double[] Times(SearchProblem problem, int seed, int trials)
    {
        var (strategy, observations, times) = (new BayesianStrategy(), new List<Observation>(), new List<double>());
        for (var trial = 0; trial < trials; trial++)
        {
            var before = Environment.CpuUsage.TotalTime;
            var next = strategy.Suggest(problem, observations, 1).Next[0].Candidate;
            times.Add((Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
            observations.Add(new Observation.Measured(next, Violations(next, seed)));
        }

        return [.. times];
    }

    private static void Print(string name, List<double[]> searches)
    {
        var (first, later) = (searches.Select(times => times[0]).Order().ToArray(), searches.SelectMany(times => times.Skip(1)).Order().ToArray());
        Console.WriteLine($"{name,-42} first {first[first.Length / 2],6:F0} ms, then median {later[later.Length / 2],6:F1} ms, p95 {later[(int)(0.95 * later.Length)],6:F1} ms, most {later[^1],6:F1} ms (processor time)");
    }

    /// <summary>Latency and throughput of a made-up service, error rates where it is overloaded; a smooth surface with kinks is enough here.</summary>
    private static ImmutableArray<double> Violations(Candidate candidate, int seed)
    {
        double Knob(string name) => candidate.Find(name)?.Number ?? 1;
        var capacity = Knob("replicas") * Math.Min(Knob("workers") * Math.Sqrt(Knob("threads")), 6) * Math.Pow(Knob("batch"), 0.3);
        var load = (8 + seed) / capacity;
        var latency = -0.4 + Math.Log(Math.Pow(Knob("batch"), 0.4) / Math.Pow(Knob("threads"), 0.3)) + (load < 1 ? Math.Log(1 + (load / (1.02 - load) / 4)) : 2.5);
        return [latency, Math.Log(Math.Max(load, 1)), load < 1 ? -3 : Math.Log((1 - (1 / load) + 0.01) / 0.01)];
    }

    private static SearchProblem Small(int seed) => Problem(seed,
    [
        Numbers("replicas", 1, 2, 3, 4, 5, 6, 8, 10),
        Numbers("workers", 1, 2, 4, 8),
        Numbers("threads", 1, 2, 4, 8),
        Numbers("batch", 1, 2, 4, 8, 16),
    ]);

    private static SearchProblem Large() => Problem(1,
    [
        new IntegerParameter("replicas", 1, 20),
        new IntegerParameter("workers", 1, 20),
        new IntegerParameter("threads", 1, 20),
        new IntegerParameter("batch", 1, 125),
        new RealParameter("delay", 0, 20),
    ]);

    private static CategoricalParameter Numbers(string name, params double[] values) => new(name, [.. values.Select(ParameterValue.Of)]);

    private static SearchProblem Problem(int seed, ImmutableArray<Parameter> parameters) => new()
    {
        Space = new SearchSpace { Parameters = parameters },
        CostPerHour = candidate => candidate["replicas"].Number!.Value,
        Slos = [Slo("p99_ms", new MeanMetric("p99_ms"), 100), Slo("rps", new MeanMetric("rps"), 80), Slo("error_rate", new ErrorRateMetric(), 0.01)],
        Seed = seed,
        Hints = ImmutableDictionary<string, ParameterHint>.Empty.Add("replicas", new ParameterHint { MoreIsFaster = true }),
    };

    private static Slo Slo(string name, SloMetric metric, double limit) => new() { Text = $"{name} <= {limit}", Metric = metric, Bound = Bound.AtMost, Limit = limit };
}
