using System.Collections.Immutable;
using Tuner.Core.Search;
using Tuner.Testing.SearchTasks;

namespace Tuner.Benchmarks;

/// <summary>One search on one task: trials until an optimum was run, their cost over the optimum's, the regret of the nominee after ten trials.</summary>
internal sealed record SearchRun(string Task, int Trials, double Spend, double RegretAfterTen, double Preparation, double Milliseconds)
{
    private const int MostTrials = 60;

    public static SearchRun Of(ISearchStrategy strategy, SearchTask task, int seed) => Of(strategy, task, seed, [], out _);

    /// <param name="history">The observations of an earlier run; empty for a cold start.</param>
    /// <param name="observed">What this run observed.</param>
    public static SearchRun Of(ISearchStrategy strategy, SearchTask task, int seed, ImmutableArray<Observation> history, out ImmutableArray<Observation> observed)
    {
        var problem = task.Problem with { Seed = seed, History = history.IsEmpty ? [] : [history] };
        var (observations, repetitions) = (new List<Observation>(), new Dictionary<int, int>());
        var (found, spend, regret) = (0, 0.0, 1.0);
        var times = new List<double>();
        for (var trial = 1; trial <= Math.Min(MostTrials, task.Candidates.Length) && (found == 0 || trial <= 11); trial++)
        {
            // Processor time: what a suggestion costs must not depend on who else uses the machine.
            var before = Environment.CpuUsage.TotalTime;
            var suggestion = strategy.Suggest(problem, observations, 1);
            times.Add((Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
            if (trial == 11)
            {
                regret = suggestion.Nominee is { } nominee && task.IsFeasible(task.IndexOf(nominee))
                    ? Math.Min(1, (task.Cost[task.IndexOf(nominee)] / task.OptimalCost) - 1)
                    : 1;
            }

            if (suggestion.Next.IsEmpty || (found > 0 && trial == 11))
            {
                break;
            }

            var id = task.IndexOf(suggestion.Next[0].Candidate);
            var repetition = repetitions[id] = repetitions.GetValueOrDefault(id) + 1;
            observations.Add(task.Measure(id, seed, repetition));
            spend += found == 0 ? task.Cost[id] : 0;
            if (found == 0 && task.IsOptimal(id))
            {
                found = trial;
            }
        }

        observed = [.. observations];
        return new SearchRun(task.Name, found == 0 ? Math.Min(MostTrials, task.Candidates.Length) : found, spend / task.OptimalCost, regret, times[0], Median(times));
    }

    public static string Summary(string name, List<SearchRun> runs)
    {
        var trials = runs.Select(run => (double)run.Trials).Order().ToArray();
        var (low, high) = Interval(runs);
        return $"{name,-10} runs {runs.Count,4}  mean {trials.Average(),6:F2} [{low:F2}, {high:F2}]  median {Median(trials),5:F1}  p90 {trials[(int)(0.9 * (trials.Length - 1))],5:F1}  "
            + $"spend {Median(runs.Select(run => run.Spend)),6:F2}  r10 {runs.Average(run => run.RegretAfterTen),6:P1}  cpu {Median(runs.Select(run => run.Milliseconds)),6:F1} ms a suggestion, {runs.Average(run => run.Preparation),6:F0} ms the first";
    }

    /// <summary>The 95 % bootstrap interval of the mean over tasks.</summary>
    private static (double Low, double High) Interval(List<SearchRun> runs)
    {
        var byTask = runs.GroupBy(run => run.Task).Select(group => group.Average(run => run.Trials)).ToArray();
        var random = new Random(1);
        var means = Enumerable.Range(0, 2000).Select(_ => Enumerable.Range(0, byTask.Length).Average(_ => byTask[random.Next(byTask.Length)])).Order().ToArray();
        return (means[50], means[1949]);
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? 0 : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
