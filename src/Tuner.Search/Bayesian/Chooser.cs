namespace Tuner.Search.Bayesian;

/// <summary>Picks the next candidates; each further one of a batch, and each pending one, counts the worlds it hits as served.</summary>
internal static class Chooser
{
    /// <summary>The weight of the expected saving beside the look-ahead, which it breaks ties of.</summary>
    private const double SavingWeight = 0.3;

    /// <summary>Candidates whose worth differs by less cannot be told apart by so few worlds: the cheapest of them is tried.</summary>
    private const double AsGood = 0.02;

    /// <summary>So many candidates are looked at closely: those that hit most or whose feasibility is most open.</summary>
    private const int MostExamined = 400;

    /// <param name="worlds">The posterior worlds.</param>
    /// <param name="vote">Their opinion.</param>
    /// <param name="state">Where the search stands.</param>
    /// <param name="count">At most so many.</param>
    /// <param name="first">Comes before all others unless it was tried.</param>
    public static IReadOnlyList<int> Choose(PosteriorWorlds worlds, Vote vote, SearchState state, int count, int? first)
    {
        var chosen = new List<int>();
        var taken = (bool[])state.Taken.Clone();
        while (chosen.Count < count && (first is { } known && !taken[known] ? known : Next(worlds, vote, state, taken)) is { } id)
        {
            chosen.Add(id);
            taken[id] = true;
        }

        return chosen;
    }

    private static int? Next(PosteriorWorlds worlds, Vote vote, SearchState state, bool[] taken)
    {
        // Where a candidate that was tried already, or is being tried, is among the cheapest, another one of equal cost wins nothing.
        var hits = Array.ConvertAll(vote.Hits, world => Array.Exists(world, id => taken[id]) ? [] : world);
        var lookAhead = LookAhead.Of(worlds, hits);
        var open = Enumerable.Range(0, taken.Length)
            .Where(id => !taken[id] && (vote.Hit[id] > 0 || vote.Feasible[id] is > 0.03 and < 0.97))
            .OrderByDescending(id => vote.Hit[id] + (vote.Feasible[id] * (1 - vote.Feasible[id])))
            .ThenBy(id => id)
            .Take(MostExamined)
            .Select(id => (Id: id, Value: lookAhead.Value(id), Saving: state.ExpectedSaving(id)))
            .ToArray();
        var most = open.Length == 0 ? 0 : open.Max(candidate => candidate.Value);
        if (most == 0)
        {
            return Fallback(vote, taken);
        }

        var saving = open.Max(candidate => candidate.Saving);
        var scale = saving > 0 ? SavingWeight * most / saving : 0;
        var worth = Array.ConvertAll(open, candidate => candidate.Value + (scale * candidate.Saving));
        var enough = worth.Max() * (1 - AsGood);

        // Of equal costs the first: the one that hits most, or whose feasibility is most open.
        return open.Where((_, at) => worth[at] >= enough).MinBy(candidate => state.Score[candidate.Id]).Id;
    }

    /// <summary>Where no untried candidate can win in any world: the likeliest feasible one, which is the least likely to crash.</summary>
    private static int? Fallback(Vote vote, bool[] taken) =>
        Enumerable.Range(0, taken.Length).Where(id => !taken[id]).OrderByDescending(id => vote.Feasible[id]).Cast<int?>().FirstOrDefault();
}
