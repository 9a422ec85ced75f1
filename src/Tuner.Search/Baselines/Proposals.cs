using System.Collections.Immutable;
using Tuner.Core.Search;
using Tuner.Core.Space;

namespace Tuner.Search.Baselines;

/// <summary>Suggestions that follow a fixed order and skip what was seen.</summary>
internal static class Proposals
{
    public static Suggestion None(string reason) => new() { Next = [], Stop = reason };

    public static Suggestion FirstUnseen(
        IEnumerable<Candidate> order, IReadOnlyList<Observation> observations, int count, string why, string exhausted)
    {
        var seen = observations.Select(observation => observation.Candidate).ToHashSet();
        var next = ImmutableArray.CreateBuilder<ProposedCandidate>();
        if (count > 0)
        {
            foreach (var candidate in order)
            {
                if (seen.Add(candidate))
                {
                    next.Add(new ProposedCandidate(candidate, why));
                    if (next.Count == count)
                    {
                        break;
                    }
                }
            }
        }

        return new Suggestion { Next = next.ToImmutable(), Stop = count > 0 && next.Count == 0 ? exhausted : null };
    }
}
