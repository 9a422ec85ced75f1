namespace Tuner.Core.Search;

/// <summary>
/// Proposes candidates from the history. Stateless and deterministic: the same problem, observations and count give the
/// same answer; whatever is cached in between is a pure function of the problem.
/// </summary>
public interface ISearchStrategy
{
    /// <summary>The name in a sweep's <c>search.strategy</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Up to <paramref name="count"/> candidates to try next: inside the space, within its constraints, distinct, and none
    /// that the observations already hold, unless the strategy wants a repeat of a measured one. Fewer, or none, with
    /// <see cref="Suggestion.Stop"/> set, when nothing is left that is worth a trial.
    /// </summary>
    Suggestion Suggest(SearchProblem problem, IReadOnlyList<Observation> observations, int count);
}
