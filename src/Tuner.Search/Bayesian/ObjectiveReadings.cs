using Tuner.Core.Search;

namespace Tuner.Search.Bayesian;

/// <summary>
/// What was measured of an objective that has to be measured, as its Gaussian process sees it: centred logarithms, per
/// unit of price where the price is a factor of it; of a number that is not always positive, centred values in halves of
/// their deviation. What orders candidates is the process plus <see cref="Offset"/>.
/// </summary>
internal sealed record ObjectiveReadings(Reading[] Readings, float[] Offset)
{
    /// <summary>The deviation that values on a plain scale are given: the prior expects about as much of logarithms.</summary>
    private const double PlainDeviation = 0.5;

    /// <summary>Null where the objective is known.</summary>
    public static ObjectiveReadings? Of(SearchProblem problem, CandidatePool pool, IReadOnlyList<Observation> observations)
    {
        if (problem.Objective is ObjectiveBasis.Known)
        {
            return null;
        }

        var measured = observations.OfType<Observation.Measured>()
            .Where(observation => observation.Objective is { } value && double.IsFinite(value))
            .Select(observation => (Id: pool.IndexOf(observation.Candidate), Value: observation.Objective!.Value))
            .Where(each => each.Id >= 0)
            .ToArray();
        var prices = pool.Cost.Min() > 0 && problem.Objective is ObjectiveBasis.MeasuredPerPrice;
        var offset = prices ? Array.ConvertAll(pool.Cost, cost => (float)Math.Log(cost)) : new float[pool.Count];
        var positive = Array.TrueForAll(measured, each => each.Value > 0);
        var values = Array.ConvertAll(measured, each => (positive ? Math.Log(each.Value) : each.Value) - offset[each.Id]);
        var mean = values.DefaultIfEmpty(0).Average();
        var deviation = Math.Sqrt(values.Select(value => (value - mean) * (value - mean)).DefaultIfEmpty(0).Average());
        var scale = positive || deviation == 0 ? 1 : PlainDeviation / deviation;
        return new ObjectiveReadings([.. measured.Select((each, at) => Reading.Exact(each.Id, scale * (values[at] - mean)))], offset);
    }
}
