using System.Collections.Immutable;
using System.CommandLine;
using Tuner.Core.Search;
using Tuner.Search.Bayesian;
using Tuner.Testing.SearchTasks;

namespace Tuner.Benchmarks;

/// <summary>
/// <c>warm-start</c>: trials until the optimum is run, cold; with the history of a cold run of the same service; and with a
/// history that misleads, in which fast and slow have changed places.
/// </summary>
internal static class WarmStartCommand
{
    public static Command Create()
    {
        var tasks = new Option<int>("--tasks") { DefaultValueFactory = _ => 10, Description = "Tasks a family." };
        var first = new Option<int>("--first") { DefaultValueFactory = _ => 0, Description = "Number of the first task." };
        var command = new Command("warm-start", "Trials with and without the history of earlier sweeps.") { tasks, first };
        command.SetAction(parsed => Run(parsed.GetValue(first), parsed.GetValue(tasks)));
        return command;
    }

    private static void Run(int first, int tasks)
    {
        var (firsts, cold, same, misled) = (new List<SearchRun>(), new List<SearchRun>(), new List<SearchRun>(), new List<SearchRun>());
        foreach (var family in SearchTaskFamilies.All)
        {
            for (var number = first; number < first + tasks; number++)
            {
                var task = family.Task(number);
                var earlier = SearchRun.Of(new BayesianStrategy(), task, (2 * number) + 1, [], out var history);
                cold.Add(SearchRun.Of(new BayesianStrategy(), task, 2 * number));
                firsts.Add(earlier);
                same.Add(SearchRun.Of(new BayesianStrategy(), task, 2 * number, history, out _));
                misled.Add(SearchRun.Of(new BayesianStrategy(), task, 2 * number, Misleading(history), out _));
            }

            Console.WriteLine(SearchRun.Summary($"{family.Name} cold", cold.FindAll(run => run.Task.StartsWith(family.Name, StringComparison.Ordinal))));
            Console.WriteLine(SearchRun.Summary($"{family.Name} warm", same.FindAll(run => run.Task.StartsWith(family.Name, StringComparison.Ordinal))));
            Console.WriteLine(SearchRun.Summary($"{family.Name} misled", misled.FindAll(run => run.Task.StartsWith(family.Name, StringComparison.Ordinal))));
        }

        Console.WriteLine(SearchRun.Summary("all cold", cold));
        Console.WriteLine(SearchRun.Summary("all warm", same));
        Console.WriteLine(SearchRun.Summary("all misled", misled));
        var known = firsts.Zip(same).Where(pair => pair.First.Trials < 60).ToList();
        Console.WriteLine($"where the first run found the optimum ({known.Count} tasks): warm / first {known.Average(pair => pair.Second.Trials) / known.Average(pair => pair.First.Trials):F2}");
        Console.WriteLine($"warm / cold {same.Average(run => run.Trials) / cold.Average(run => run.Trials):F2}, misled / cold {misled.Average(run => run.Trials) / cold.Average(run => run.Trials):F2}");
    }

    /// <summary>Each measured candidate with what another one measured: the worst has the values of the best, and so on.</summary>
    private static ImmutableArray<Observation> Misleading(ImmutableArray<Observation> history)
    {
        var measured = history.OfType<Observation.Measured>().OrderBy(observation => observation.LogViolations.Max()).ToArray();
        return [.. measured.Select((observation, rank) => observation with { LogViolations = measured[^(rank + 1)].LogViolations })];
    }
}
