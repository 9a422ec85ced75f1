using Tuner.Core.Search;
using Tuner.Core.Space;

namespace Tuner.Search.Bayesian;

/// <summary>
/// Candidates around the best ones observed, for spaces that are too large to look at as a whole: every step of a single
/// parameter, and small steps of all of them together.
/// </summary>
internal static class Neighbourhood
{
    /// <summary>The centres move after so many further observations; in between everything prepared stays as it is.</summary>
    private const int ObservationsBetween = 6;

    /// <summary>So many of the cheapest that are feasible, and so many of those nearest to it.</summary>
    private const int CentresOfEachKind = 2;

    /// <summary>Within this of its limit a noisy reading is taken as feasible.</summary>
    private const double Nearly = 0.05;

    /// <summary>Steps along one parameter, as shares of its range; those of a grid are at least one place.</summary>
    private static readonly double[] Steps = [-0.3, -0.1, -0.03, -0.01, 0, 0.01, 0.03, 0.1, 0.3];

    /// <summary>The observed candidates around which to look, best first; none before the first few observations.</summary>
    public static IReadOnlyList<Candidate> Centres(SearchProblem problem, IReadOnlyList<Observation> observations)
    {
        var known = observations.Take(observations.Count / ObservationsBetween * ObservationsBetween).OfType<Observation.Measured>()
            .Where(observation => problem.Space.Contains(observation.Candidate))
            .Select(observation => (observation.Candidate, Score: observation.Objective ?? problem.CostPerHour(observation.Candidate), Violation: observation.LogViolations.Max(z => double.IsNaN(z) ? 1 : z)))
            .ToList();
        var feasible = known.Where(each => each.Violation <= Nearly).OrderBy(each => each.Score).Take(CentresOfEachKind);
        var nearest = known.OrderBy(each => Math.Abs(each.Violation)).Take(CentresOfEachKind);
        return [.. feasible.Concat(nearest).Select(each => each.Candidate).Distinct()];
    }

    /// <summary>Up to so many distinct candidates around the centres, in a fixed order.</summary>
    public static IReadOnlyList<Candidate> Around(SearchSpace space, IReadOnlyList<Candidate> centres, int most, int seed)
    {
        var found = new List<Candidate>();
        var met = new HashSet<Candidate>();
        foreach (var candidate in centres.SelectMany(centre => Along(space, centre)).Concat(Together(space, centres, new Random(seed))))
        {
            if (met.Add(candidate))
            {
                found.Add(candidate);
            }

            if (found.Count == most)
            {
                break;
            }
        }

        return found;
    }

    private static IEnumerable<Candidate> Along(SearchSpace space, Candidate centre)
    {
        var at = Coordinates(space, centre);
        for (var index = 0; index < at.Length; index++)
        {
            var (here, size) = (at[index], space.Parameters[index].GridSize());
            var values = size <= Steps.Length
                ? Enumerable.Range(0, (int)size).Select(place => (place + 0.5) / size.Value)
                : Steps.Select(step => here + (size is { } places ? Math.Sign(step) * Math.Max(Math.Abs(step), 1.0 / places) : step));
            foreach (var value in values.Where(value => value is >= 0 and <= 1))
            {
                at[index] = value;
                if (space.At(at) is { } candidate)
                {
                    yield return candidate;
                }
            }

            at[index] = here;
        }
    }

    /// <summary>Small random steps of all parameters, as many again as may be tried in vain.</summary>
    private static IEnumerable<Candidate> Together(SearchSpace space, IReadOnlyList<Candidate> centres, Random random)
    {
        const int Tries = 4_000;
        var coordinates = centres.Select(centre => Coordinates(space, centre)).ToArray();
        for (var number = 0; number < Tries && coordinates.Length > 0; number++)
        {
            var width = 0.02 * Math.Pow(10, random.NextDouble());
            var at = Array.ConvertAll(coordinates[number % coordinates.Length], value =>
                Math.Clamp(value + (random.NextDouble() < 0.5 ? 0 : width * ((2 * random.NextDouble()) - 1)), 0, 1));
            if (space.At(at) is { } candidate)
            {
                yield return candidate;
            }
        }
    }

    private static double[] Coordinates(SearchSpace space, Candidate candidate) =>
        [.. space.Parameters.Select(parameter => parameter.CoordinateOf(candidate[parameter.Name]))];
}
