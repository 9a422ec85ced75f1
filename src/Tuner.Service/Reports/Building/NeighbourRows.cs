using System.Collections.Immutable;
using Tuner.Core.Space;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Building;

/// <summary>What one change away from the winner was measured to make.</summary>
internal static class NeighbourRows
{
    private const int Most = 20;

    public static ImmutableArray<NeighbourRow> Of(ReportMaterial material, ImmutableArray<CandidateRow> candidates)
    {
        if (material.Winner is not { } winner || candidates.FirstOrDefault(row => row.Key == winner.Key) is not { } winnerRow)
        {
            return [];
        }

        var byKey = candidates.ToDictionary(row => row.Key, StringComparer.Ordinal);
        return
        [
            .. material.ByCandidate
                .Select(group => Row(material, winner, winnerRow, group.Key, byKey[group.Key.Key]))
                .OfType<NeighbourRow>()
                .OrderBy(row => !row.OneStep)
                .ThenBy(row => material.Sweep.Space.Parameters.IndexOf(material.Sweep.Space.Parameters.First(parameter => parameter.Name == row.Parameter)))
                .ThenBy(row => row.CostPerHour)
                .ThenBy(row => row.Key, StringComparer.Ordinal)
                .Take(Most),
        ];
    }

    private static NeighbourRow? Row(ReportMaterial material, Candidate winner, CandidateRow winnerRow, Candidate other, CandidateRow row)
    {
        var differences = material.Sweep.Space.Parameters.Where(parameter => Differs(material.Sweep.Space, parameter, winner, other)).Take(2).ToList();
        if (differences is not [var parameter] || row.Standing is Standing.NotMeasured)
        {
            return null;
        }

        var (ours, theirs) = (ComparedRows.LatencyOf(material, winnerRow), row.Standing is Standing.Failed ? null : ComparedRows.LatencyOf(material, row));
        return new NeighbourRow
        {
            Key = row.Key,
            Parameter = parameter.Name,
            From = winner[parameter.Name].Text,
            To = other[parameter.Name].Text,
            OneStep = IsOneStep(parameter, winner[parameter.Name], other[parameter.Name]),
            Standing = row.Standing,
            CostPerHour = row.CostPerHour,
            CostShare = winnerRow.CostPerHour == 0 ? null : (double)((row.CostPerHour / winnerRow.CostPerHour) - 1),
            Objective = row.Objective,
            ObjectiveShare = winnerRow.Objective is > 0 and { } least && row.Objective is { } value ? (value / least) - 1 : null,
            LatencySeconds = theirs,
            LatencyShare = ours is > 0 && theirs is { } latency ? (latency / ours.Value) - 1 : null,
        };
    }

    /// <summary>A parameter that has no effect for one of both does not tell them apart.</summary>
    private static bool Differs(SearchSpace space, Parameter parameter, Candidate one, Candidate two) =>
        one.Find(parameter.Name) is { } left && two.Find(parameter.Name) is { } right && left != right
        && (parameter.When is not { } when || (when.Holds(name => space.Lookup(one, name)) && when.Holds(name => space.Lookup(two, name))));

    private static bool IsOneStep(Parameter parameter, ParameterValue from, ParameterValue to)
    {
        if (parameter.GridSize() is not { } size || size > 10_000)
        {
            return false;
        }

        var values = parameter.Grid().ToList();
        if (values.TrueForAll(value => value.Number is not null))
        {
            values.Sort((left, right) => left.Number!.Value.CompareTo(right.Number!.Value));
            return Math.Abs(values.FindIndex(value => value.Number == from.Number) - values.FindIndex(value => value.Number == to.Number)) == 1;
        }

        // Names have no order: from any of them to any other is one step.
        return true;
    }
}
