using Tuner.Core.Space;
using Tuner.Core.Sweeps;

namespace Tuner.Core.Recommending;

/// <summary>Candidates whose prices differ by no more than the band count as equally cheap: the one nearest to the baseline wins.</summary>
public static class TieBand
{
    /// <summary>Relative width of the band; price lists are no more exact than that.</summary>
    public const decimal Width = 0.01m;

    /// <summary>Cheapest first; within the band of the cheapest, the one with the fewest and smallest changes from the baseline first.</summary>
    public static IEnumerable<CandidateEvidence> Order(Sweep sweep, IEnumerable<CandidateEvidence> candidates)
    {
        var left = candidates.OrderBy(evidence => evidence.Score).ThenBy(evidence => evidence.Candidate.Key, StringComparer.Ordinal).ToList();
        while (left.Count > 0)
        {
            var limit = left[0].Score + (Math.Abs(left[0].Score) * Width);
            var band = left.TakeWhile(evidence => evidence.Score <= limit).ToList();
            var nearest = band.MinBy(evidence => Distance(sweep, evidence.Candidate))!;
            yield return nearest;
            left.Remove(nearest);
        }
    }

    /// <summary>Parameters that differ from the baseline, numeric ones by the size of the step in octaves, capped at the weight of a changed name.</summary>
    private static double Distance(Sweep sweep, Candidate candidate) =>
        sweep.Baseline is not { } baseline
            ? 0
            : candidate.Values.Sum(pair => Distance(pair.Value, baseline[pair.Key]));

    private static double Distance(ParameterValue value, ParameterValue from) => (value.Number, from.Number) switch
    {
        ({ } left, { } right) when left > 0 && right > 0 => Math.Min(3, Math.Abs(Math.Log2(left / right))),
        _ => value == from ? 0 : 3,
    };
}
