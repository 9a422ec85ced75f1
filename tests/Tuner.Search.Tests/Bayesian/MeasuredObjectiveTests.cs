using System.Collections.Immutable;
using Tuner.Core.Search;
using Tuner.Core.Space;
using Tuner.Search.Bayesian;
using Tuner.Testing.SearchTasks;

namespace Tuner.Search.Tests.Bayesian;

public sealed class MeasuredObjectiveTests
{
    [Fact]
    public void Finds_a_lower_measured_objective_than_a_search_by_price()
    {
        var tasks = Enumerable.Range(0, 8).Select(number => new CapacityTask(number)).ToArray();
        var measured = tasks.Average(task => Regret(task, task.Problem));
        var byPrice = tasks.Average(task => Regret(task, task.Problem with { Objective = ObjectiveBasis.Known }));
        Assert.True(measured < 0.5 * byPrice, $"regret {measured:P1} against {byPrice:P1}");
    }

    [Fact]
    public void Nominates_the_best_measured_objective_and_not_the_lowest_price()
    {
        var task = new CapacityTask(1);
        var feasible = task.Candidates.Where(candidate => task.Regret(candidate) is not null).ToArray();
        var (cheapest, best) = feasible
            .SelectMany(_ => feasible, (one, other) => (Cheap: one, Good: other))
            .Where(pair => task.Problem.CostPerHour(pair.Cheap) < task.Problem.CostPerHour(pair.Good))
            .MaxBy(pair => task.CostPerMillion(pair.Cheap) / task.CostPerMillion(pair.Good));
        Assert.True(task.CostPerMillion(cheapest) > 1.3 * task.CostPerMillion(best), "the task has to tell them apart");
        Observation[] observations = [Clear(task, cheapest), Clear(task, best)];

        Assert.Equal(best, new BayesianStrategy().Suggest(task.Problem, observations, 1).Nominee);
        Assert.Equal(cheapest, new BayesianStrategy().Suggest(task.Problem with { Objective = ObjectiveBasis.Known }, observations, 1).Nominee);
    }

    [Fact]
    public void Proposes_nothing_else_for_a_known_objective_when_trials_tell_one_all_the_same()
    {
        var task = new CapacityTask(2);
        var known = task.Problem with { Objective = ObjectiveBasis.Known };
        var observations = task.Candidates.Take(9).Select((candidate, trial) => (Observation.Measured)task.Measure(candidate, trial)).ToArray();

        var told = new BayesianStrategy().Suggest(known, observations, 2);
        var untold = new BayesianStrategy().Suggest(known, [.. observations.Select(observation => observation with { Objective = null })], 2);

        Assert.Equal(untold.Next.Select(next => next.Candidate), told.Next.Select(next => next.Candidate));
    }

    [Fact]
    public void Finds_the_best_measured_objective_again_in_half_of_the_trials_with_the_history_of_the_service()
    {
        var (first, again, untold) = (0, 0, 0);
        foreach (var task in Enumerable.Range(0, 3).Select(number => new CapacityTask(number)))
        {
            var history = TrialsToBest(task, [], noise: 1_000);
            first += history.Count;
            again += TrialsToBest(task, [[.. history]], noise: 0).Count;
            untold += TrialsToBest(task, [[.. history.Cast<Observation.Measured>().Select(observation => observation with { Objective = null })]], noise: 0).Count;
        }

        Assert.True(again <= 0.5 * first, $"{again} trials against {first}");
        Assert.True(again < untold, $"{again} trials against {untold} with the history of the SLO alone");
    }

    [Fact]
    public void Forgets_a_history_in_which_good_and_bad_have_changed_places()
    {
        var task = new CapacityTask(3);
        var strategy = new BayesianStrategy();
        var observed = Enumerable.Range(0, 12).Select(trial => (Observation.Measured)task.Measure(task.Candidates[trial * 17], trial)).OrderBy(observation => observation.Objective).ToArray();
        var reversed = observed.Select((observation, rank) => (Observation)(observed[^(rank + 1)] with { Candidate = observation.Candidate }));

        var misled = strategy.Suggest(task.Problem with { History = [[.. reversed]] }, observed, 3);
        var cold = strategy.Suggest(task.Problem, observed, 3);

        Assert.Equal(cold.Next.Select(next => next.Candidate), misled.Next.Select(next => next.Candidate));
    }

    /// <summary>What was observed until one within 1 % of the best was run, at most forty trials.</summary>
    private static List<Observation> TrialsToBest(CapacityTask task, ImmutableArray<ImmutableArray<Observation>> history, int noise)
    {
        var (strategy, observations) = (new BayesianStrategy(), new List<Observation>());
        while (observations.Count < 40)
        {
            var candidate = strategy.Suggest(task.Problem with { History = history, Seed = task.Problem.Seed + noise }, observations, 1).Next[0].Candidate;
            observations.Add(task.Measure(candidate, noise + observations.Count));
            if (task.Regret(candidate) <= 0.01)
            {
                break;
            }
        }

        return observations;
    }

    private static Observation Clear(CapacityTask task, Candidate candidate) =>
        new Observation.Measured(candidate, [-0.5]) { Objective = task.CostPerMillion(candidate) };

    /// <summary>The least regret of what was tried in fifteen trials; one that violates its limit counts as a whole.</summary>
    private static double Regret(CapacityTask task, SearchProblem problem)
    {
        var strategy = new BayesianStrategy();
        var observations = new List<Observation>();
        for (var trial = 0; trial < 15; trial++)
        {
            observations.Add(task.Measure(strategy.Suggest(problem, observations, 1).Next[0].Candidate, trial));
        }

        return observations.Min(observation => Math.Min(1, task.Regret(observation.Candidate) ?? 1));
    }
}
