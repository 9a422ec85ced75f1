using Tuner.Core.Search;

namespace Tuner.Search.Bayesian;

/// <summary>The answer of earlier sweeps of the workload: the best candidate that met every SLO in the newest that measured any.</summary>
internal static class Incumbent
{
    /// <summary>
    /// Its place in the pool; null where the newest sweep that measured anything in the pool saw nothing feasible, or did not
    /// measure what is minimized.
    /// </summary>
    public static int? Of(SearchProblem problem, CandidatePool pool) => problem.History
        .Select(sweep => sweep.OfType<Observation.Measured>().Where(observation => pool.IndexOf(observation.Candidate) >= 0).ToArray())
        .LastOrDefault(measured => measured.Length > 0)?
        .GroupBy(observation => pool.IndexOf(observation.Candidate))
        .Where(group => group.All(observation => !observation.IsNoAnswer) && IsFeasible([.. group]))
        .Select(group => (Id: group.Key, Score: problem.Objective is ObjectiveBasis.Known ? pool.Cost[group.Key] : group.Average(observation => observation.Objective)))
        .Where(each => each.Score is not null)
        .OrderBy(each => each.Score)
        .Select(each => (int?)each.Id)
        .FirstOrDefault();

    /// <summary>Repeats count together: their mean has to meet every SLO.</summary>
    private static bool IsFeasible(Observation.Measured[] repeats) =>
        Enumerable.Range(0, repeats[0].LogViolations.Length).All(slo => repeats.Average(observation => observation.LogViolations[slo]) <= 0);
}
