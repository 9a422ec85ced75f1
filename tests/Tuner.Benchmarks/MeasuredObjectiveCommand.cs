using System.Collections.Immutable;
using System.CommandLine;
using Tuner.Core.Search;
using Tuner.Core.Space;
using Tuner.Search;
using Tuner.Search.Bayesian;
using Tuner.Testing.SearchTasks;

namespace Tuner.Benchmarks;

/// <summary>
/// <c>measured-objective</c>: trials until a candidate within one per cent of the least cost of a million requests at
/// capacity was run: with the process of the objective's own; with the history of such a search (until the optimum was found),
/// and with what that history says of the SLOs alone; with the price taken for the objective; and by chance.
/// </summary>
internal static class MeasuredObjectiveCommand
{
    private const int MostTrials = 40;

    public static Command Create()
    {
        var tasks = new Option<int>("--tasks") { DefaultValueFactory = _ => 20, Description = "Generated services." };
        var first = new Option<int>("--first") { DefaultValueFactory = _ => 0, Description = "Number of the first one." };
        var command = new Command("measured-objective", "Trials to the least cost per million requests at capacity.") { tasks, first };
        command.SetAction(parsed => Run(parsed.GetValue(first), parsed.GetValue(tasks)));
        return command;
    }

    private static void Run(int first, int tasks)
    {
        Console.WriteLine($"{"",-22}{"mean trials",12}{"median",8}{"found",8}{"regret 10",11}{"regret 20",11}{"ends after",12}{"regret there",14}");
        Row("objective measured", new BayesianStrategy(), problem => problem, first, tasks);
        Row("with history", new BayesianStrategy(), problem => problem, first, tasks, History);
        Row("history of SLOs only", new BayesianStrategy(), problem => problem, first, tasks, task => [.. History(task).Cast<Observation.Measured>().Select(each => each with { Objective = null })]);
        Row("price in its place", new BayesianStrategy(), problem => problem with { Objective = ObjectiveBasis.Known }, first, tasks);
        Row("sobol", SearchStrategies.Find("sobol")!, problem => problem, first, tasks);
    }

    private static void Row(string name, ISearchStrategy strategy, Func<SearchProblem, SearchProblem> seen, int first, int tasks, Func<CapacityTask, ImmutableArray<Observation>>? history = null)
    {
        var runs = Enumerable.Range(first, tasks)
            .Select(number => new CapacityTask(number))
            .Select(task => Search(strategy, task, problem => history is null ? seen(problem) : seen(problem) with { History = [history(task)] }))
            .ToList();
        var trials = runs.ConvertAll(run => run.Trials).Order().ToList();
        Console.WriteLine(
            $"{name,-22}{trials.Average(),12:F1}{trials[trials.Count / 2],8}{runs.Average(run => run.Trials <= MostTrials ? 1.0 : 0),8:P0}"
            + $"{runs.Average(run => run.Regrets[9]),11:P1}{runs.Average(run => run.Regrets[19]),11:P1}{runs.Average(run => run.End),12:F1}{runs.Average(run => run.Regrets[run.End - 1]),14:P1}");
    }

    /// <summary>Trials until the optimum was run, regrets of the nominee after each trial, and after how many the strategy would end.</summary>
    private static (int Trials, double[] Regrets, int End) Search(ISearchStrategy strategy, CapacityTask task, Func<SearchProblem, SearchProblem> seen)
    {
        var (problem, observations) = (seen(task.Problem), new List<Observation>());
        var (found, end, regrets) = (MostTrials + 1, MostTrials, new double[MostTrials]);
        for (var trial = 0; trial < MostTrials; trial++)
        {
            var suggestion = strategy.Suggest(problem, observations, 1);
            if (trial > 0)
            {
                regrets[trial - 1] = RegretOf(task, suggestion.Nominee ?? Naive(observations));
            }

            end = suggestion.Stop is not null && end == MostTrials && trial > 0 ? trial : end;
            var candidate = suggestion.Next[0].Candidate;
            observations.Add(task.Measure(candidate, trial));
            found = found > MostTrials && task.Regret(candidate) <= 0.01 ? trial + 1 : found;
        }

        regrets[^1] = RegretOf(task, strategy.Suggest(problem, observations, 0).Nominee ?? Naive(observations));
        return (found, regrets, end);
    }

    /// <summary>What an earlier search observed, with noise of its own, until it ran the optimum.</summary>
    private static ImmutableArray<Observation> History(CapacityTask task)
    {
        var (strategy, problem, observations) = (new BayesianStrategy(), task.Problem with { Seed = task.Problem.Seed + 1_000 }, new List<Observation>());
        while (observations.Count < MostTrials)
        {
            var candidate = strategy.Suggest(problem, observations, 1).Next[0].Candidate;
            observations.Add(task.Measure(candidate, 1_000 + observations.Count));
            if (task.Regret(candidate) <= 0.01)
            {
                break;
            }
        }

        return [.. observations];
    }

    /// <summary>For a strategy that nominates nothing: the best as measured of those that met the limit as measured.</summary>
    private static Candidate? Naive(IEnumerable<Observation> observations) =>
        observations.Cast<Observation.Measured>().Where(each => each.LogViolations[0] <= 0).MinBy(each => each.Objective)?.Candidate;

    /// <summary>None, or one that violates its limit in truth, counts as a whole.</summary>
    private static double RegretOf(CapacityTask task, Candidate? nominee) => nominee is null ? 1 : Math.Min(1, task.Regret(nominee) ?? 1);
}
