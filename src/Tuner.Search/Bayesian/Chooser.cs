namespace Tuner.Search.Bayesian;

/// <summary>Picks the next candidates; each further one of a batch, and each pending one, counts the worlds it hits as served.</summary>
internal static class Chooser
{
    /// <summary>The weight of the expected saving beside the look-ahead, which it breaks ties of.</summary>
    private const double SavingWeight = 0.3;

    /// <summary>So many candidates are looked at closely: those that hit most or whose feasibility is most open.</summary>
    private const int MostExamined = 250;

    public static IReadOnlyList<int> Choose(PosteriorWorlds worlds, Vote vote, SearchState state, int count)
    {
        var chosen = new List<int>();
        var taken = (bool[])state.Taken.Clone();
        var served = state.Pending.ToHashSet();
        while (chosen.Count < count && Next(worlds, vote, state, taken, served) is { } id)
        {
            chosen.Add(id);
            served.Add(id);
            taken[id] = true;
        }

        return chosen;
    }

    private static int? Next(PosteriorWorlds worlds, Vote vote, SearchState state, bool[] taken, HashSet<int> served)
    {
        var hits = Array.ConvertAll(vote.Hits, world => Array.Exists(world, served.Contains) ? [] : Array.FindAll(world, id => !taken[id]));
        var lookAhead = LookAhead.Of(worlds, hits);
        var open = Enumerable.Range(0, taken.Length)
            .Where(id => !taken[id] && (vote.Hit[id] > 0 || vote.Feasible[id] is > 0.03 and < 0.97))
            .OrderByDescending(id => vote.Hit[id] + (vote.Feasible[id] * (1 - vote.Feasible[id])))
            .ThenBy(id => id)
            .Take(MostExamined)
            .Select(id => (Id: id, Value: lookAhead.Value(id), Saving: state.ExpectedSaving(id)))
            .ToArray();
        if (open.Length == 0)
        {
            return Fallback(vote, taken);
        }

        var most = open.Max(candidate => candidate.Value);
        var saving = open.Max(candidate => candidate.Saving);
        var scale = saving > 0 ? SavingWeight * most / saving : 0;
        return open.MaxBy(candidate => candidate.Value + (scale * candidate.Saving)).Id;
    }

    /// <summary>Where every untried candidate is as good as decided: the likeliest feasible one.</summary>
    private static int? Fallback(Vote vote, bool[] taken) =>
        Enumerable.Range(0, taken.Length).Where(id => !taken[id]).OrderByDescending(id => vote.Feasible[id]).Cast<int?>().FirstOrDefault();
}
