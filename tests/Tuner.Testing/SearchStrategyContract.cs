using System.Collections.Immutable;
using Tuner.Core.Expressions;
using Tuner.Core.Search;
using Tuner.Core.Slos;
using Tuner.Core.Space;
using Xunit;

namespace Tuner.Testing;

/// <summary>What every search strategy promises; one small class for each strategy inherits it.</summary>
public abstract class SearchStrategyContract
{
    protected abstract ISearchStrategy Strategy { get; }

    /// <summary>Whether the strategy proposes only candidates that the user listed.</summary>
    protected virtual bool NeedsList => false;

    [Fact]
    public void Proposes_only_candidates_inside_the_space_and_its_constraints()
    {
        var problem = Problem();
        var observations = new List<Observation>();
        for (var trial = 0; trial < 12; trial++)
        {
            var proposed = Assert.Single(Strategy.Suggest(problem, observations, 1).Next).Candidate;
            Assert.True(problem.Space.Contains(proposed), proposed.Key);
            observations.Add(Measured(proposed));
        }
    }

    [Fact]
    public void Gives_the_same_answer_for_the_same_seed()
    {
        var observations = new List<Observation>();
        for (var trial = 0; trial < 5; trial++)
        {
            var first = Strategy.Suggest(Problem(), observations, 2).Next.Select(next => next.Candidate.Key);
            var second = Strategy.Suggest(Problem(), observations, 2).Next.Select(next => next.Candidate.Key).ToArray();
            Assert.Equal(first, second);
            observations.Add(Measured(Strategy.Suggest(Problem(), observations, 1).Next[0].Candidate));
        }
    }

    [Fact]
    public void Does_not_repeat_what_is_pending_measured_or_failed()
    {
        var problem = Problem();
        var observations = new List<Observation>();
        for (var trial = 0; trial < 9; trial++)
        {
            var proposed = Strategy.Suggest(problem, observations, 1).Next[0].Candidate;
            Assert.DoesNotContain(observations, observation => observation.Candidate.Equals(proposed));
            observations.Add((trial % 3) switch
            {
                0 => new Observation.Pending(proposed),
                1 => new Observation.Failed(proposed),
                _ => Measured(proposed),
            });
        }
    }

    [Fact]
    public void Proposes_distinct_candidates_in_a_batch()
    {
        var next = Strategy.Suggest(Problem(), [], 5).Next;
        Assert.Equal(5, next.Select(proposed => proposed.Candidate).Distinct().Count());
    }

    [Fact]
    public void Proposes_nothing_when_nothing_is_asked_for() => Assert.Empty(Strategy.Suggest(Problem(), [], 0).Next);

    [Fact]
    public void Works_when_every_trial_failed()
    {
        var problem = Problem();
        var observations = new List<Observation>();
        for (var trial = 0; trial < 6; trial++)
        {
            observations.Add(new Observation.Failed(Strategy.Suggest(problem, observations, 1).Next[0].Candidate));
        }

        Assert.Equal(6, observations.Select(observation => observation.Candidate).Distinct().Count());
        Assert.Null(Strategy.Suggest(problem, observations, 1).Nominee);
    }

    [Fact]
    public void Works_when_every_metric_is_missing()
    {
        var problem = Problem();
        var first = Strategy.Suggest(problem, [], 1).Next[0].Candidate;
        var missing = new Observation.Measured(first, [double.NaN, double.NaN]);
        Assert.NotEqual(first, Strategy.Suggest(problem, [missing], 1).Next[0].Candidate);
    }

    [Fact]
    public void Tries_everything_once_and_then_ends_with_a_reason()
    {
        var problem = Problem();
        var total = problem.Space.Enumerate().Count();
        var observations = new List<Observation>();
        while (observations.Count <= total && Strategy.Suggest(problem, observations, 4) is { Next.IsEmpty: false } suggestion)
        {
            observations.AddRange(suggestion.Next.Select(next => Measured(next.Candidate)));
        }

        Assert.Equal(total, observations.Count);
        Assert.False(string.IsNullOrEmpty(Strategy.Suggest(problem, observations, 1).Stop));
    }

    [Fact]
    public void Works_where_the_objective_is_measured_and_where_a_trial_did_not_tell_it()
    {
        foreach (var basis in new[] { ObjectiveBasis.MeasuredPerPrice, ObjectiveBasis.Measured })
        {
            var problem = Problem() with { Objective = basis };
            var observations = new List<Observation>();
            for (var trial = 0; trial < 6; trial++)
            {
                var proposed = Strategy.Suggest(problem, observations, 1).Next[0].Candidate;
                Assert.Equal(proposed, Strategy.Suggest(Problem() with { Objective = basis }, observations, 1).Next[0].Candidate);
                Assert.True(problem.Space.Contains(proposed), proposed.Key);
                Assert.DoesNotContain(observations, observation => observation.Candidate.Equals(proposed));
                observations.Add(((Observation.Measured)Measured(proposed)) with { Objective = trial % 3 == 1 ? null : Cost(proposed) - 2 });
            }
        }
    }

    /// <summary>Two numbers and a kind, one of them conditional, one combination forbidden: 27 candidates.</summary>
    private SearchProblem Problem()
    {
        var space = new SearchSpace
        {
            Parameters =
            [
                new IntegerParameter("replicas", 1, 4),
                new IntegerParameter("batch", 1, 4) { Scale = Scale.Log2 },
                new IntegerParameter("delay", 0, 10) { Step = 5, When = Formula("batch > 1") },
                new CategoricalParameter("kind", [ParameterValue.Of("small"), ParameterValue.Of("large")]),
            ],
            Constraints = [new Constraint(Formula("replicas * batch <= 8"))],
        };
        return new SearchProblem
        {
            Space = NeedsList ? space with { Listed = [.. space.Enumerate()] } : space,
            CostPerHour = Cost,
            Slos =
            [
                new Slo { Text = "p99 latency <= 0.1s", Metric = new QuantileMetric("latency", 0.99), Bound = Bound.AtMost, Limit = 0.1 },
                new Slo { Text = "error rate <= 1%", Metric = new ErrorRateMetric(), Bound = Bound.AtMost, Limit = 0.01 },
            ],
            Seed = 7,
        };
    }

    private static double Cost(Candidate candidate) => candidate["replicas"].Number!.Value * (candidate["kind"].Text == "large" ? 2 : 1);

    private static Observation Measured(Candidate candidate)
    {
        var z = 1.2 - Math.Log(candidate["replicas"].Number!.Value) - (candidate["kind"].Text == "large" ? 0.5 : 0);
        return new Observation.Measured(candidate, ImmutableArray.Create(z, z > 0.5 ? 1.0 : -16));
    }

    private static Expression Formula(string text) =>
        Expression.TryParse(text, out var expression, out var error) ? expression : throw new InvalidOperationException(error);
}
