using System.Collections.Immutable;
using Tuner.Core.Search;
using Tuner.Core.Space;

namespace Tuner.Search.Bayesian;

/// <summary>
/// Looks for the cheapest feasible candidate where the price is known and feasibility is not: draws worlds that agree with
/// the trials, lets each name its cheapest feasible candidates, and tries what hits now or tells the worlds apart best.
/// Where what is minimized is measured too, the worlds draw it as well, from a Gaussian process of its own.
/// </summary>
public sealed class BayesianStrategy : ISearchStrategy
{
    private readonly PreparedProblems prepared = new();

    public string Name => "bayesian";

    public Suggestion Suggest(SearchProblem problem, IReadOnlyList<Observation> observations, int count)
    {
        var ready = prepared.For(problem, observations);
        lock (ready)
        {
            return Suggest(problem, ready, observations, count);
        }
    }

    private static Suggestion Suggest(SearchProblem problem, PreparedProblem ready, IReadOnlyList<Observation> observations, int count)
    {
        var (pool, evidence) = (ready.Pool, Evidence.Of(problem, ready.Pool, observations));
        var seed = unchecked((problem.Seed * 7_919) + evidence.Measured.Length + (evidence.Pending.Length * 104_729));
        var prior = ready.PriorFor(evidence, seed);
        var worlds = PosteriorWorlds.Of(prior, evidence, seed, ready.PriorForObjective(evidence, seed));
        var vote = Vote.Of(worlds, pool.Cost);
        var state = new SearchState(pool, evidence, worlds, vote, problem.AllowRepeats);
        var next = ImmutableArray.CreateBuilder<ProposedCandidate>();
        if (problem.AllowRepeats && count > 0 && state.WorthRepeating() is { } repeat)
        {
            next.Add(new ProposedCandidate(pool.Candidates[repeat], $"measured again: {vote.Feasible[repeat]:P0} likely to meet every SLO"));
        }

        var incumbent = ready.IncumbentUnder(prior);
        foreach (var id in Chooser.Choose(worlds, vote, state, count - next.Count, first: incumbent))
        {
            next.Add(new ProposedCandidate(pool.Candidates[id], id == incumbent
                ? $"the best that earlier sweeps saw: {vote.Feasible[id]:P0} likely to meet every SLO"
                : $"{vote.Feasible[id]:P0} likely to meet every SLO, {vote.Hit[id]:P0} to be the {(worlds.HasScores ? "best" : "cheapest")} that does"));
        }

        return new Suggestion
        {
            Next = next.ToImmutable(),
            Stop = state.StopReason() ?? (count > 0 && next.Count == 0 ? "every candidate was tried" : null),
            Importance = Importance.Of(problem, pool, worlds),
            Nominee = state.Nominee is { } nominee ? pool.Candidates[nominee] : null,
        };
    }
}
