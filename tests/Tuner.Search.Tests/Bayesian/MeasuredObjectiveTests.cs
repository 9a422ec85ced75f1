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
        var tasks = Enumerable.Range(0, 4).Select(number => new CapacityTask(number)).ToArray();
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

    private static Observation Clear(CapacityTask task, Candidate candidate) =>
        new Observation.Measured(candidate, [-0.5]) { Objective = task.CostPerMillion(candidate) };

    /// <summary>The regret of the nominee after fifteen trials; none, or one that violates its limit, counts as a whole.</summary>
    private static double Regret(CapacityTask task, SearchProblem problem)
    {
        var strategy = new BayesianStrategy();
        var observations = new List<Observation>();
        for (var trial = 0; trial < 15; trial++)
        {
            observations.Add(task.Measure(strategy.Suggest(problem, observations, 1).Next[0].Candidate, trial));
        }

        return strategy.Suggest(problem, observations, 0).Nominee is { } nominee ? Math.Min(1, task.Regret(nominee) ?? 1) : 1;
    }
}
