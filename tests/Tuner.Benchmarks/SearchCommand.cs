using System.CommandLine;
using Tuner.Search;
using Tuner.Testing.SearchTasks;

namespace Tuner.Benchmarks;

/// <summary><c>search</c>: trials until the optimum is run, over generated task families.</summary>
internal static class SearchCommand
{
    public static Command Create()
    {
        var strategy = new Option<string>("--strategy") { DefaultValueFactory = _ => "bayesian", Description = "The strategy's name." };
        var families = new Option<string>("--families") { DefaultValueFactory = _ => "", Description = "Comma-separated; all when empty." };
        var tasks = new Option<int>("--tasks") { DefaultValueFactory = _ => 20, Description = "Tasks a family." };
        var first = new Option<int>("--first") { DefaultValueFactory = _ => 0, Description = "Number of the first task." };
        var seeds = new Option<int>("--seeds") { DefaultValueFactory = _ => 1, Description = "Seeds a task." };
        var command = new Command("search", "Trials until the optimum is run.") { strategy, families, tasks, first, seeds };
        command.SetAction(parsed => Run(
            parsed.GetValue(strategy)!, parsed.GetValue(families)!, parsed.GetValue(first), parsed.GetValue(tasks), parsed.GetValue(seeds)));
        return command;
    }

    private static void Run(string strategy, string families, int first, int tasks, int seeds)
    {
        var wanted = families.Split(',', StringSplitOptions.RemoveEmptyEntries);
        var runs = new List<SearchRun>();
        foreach (var family in SearchTaskFamilies.All.Where(family => wanted.Length == 0 || wanted.Contains(family.Name)))
        {
            var of = new List<SearchRun>();
            for (var number = first; number < first + tasks; number++)
            {
                var task = family.Task(number);
                // A seed is a set of beliefs: with the same ones for every task, a family's mean would depend on that draw.
                for (var seed = 0; seed < seeds; seed++)
                {
                    of.Add(SearchRun.Of(SearchStrategies.Find(strategy)!, task, (number * seeds) + seed));
                }
            }

            Console.WriteLine(SearchRun.Summary(family.Name, of));
            runs.AddRange(of);
        }

        Console.WriteLine(SearchRun.Summary("all", runs));
    }
}
