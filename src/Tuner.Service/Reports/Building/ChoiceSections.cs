using System.Collections.Immutable;
using Tuner.Core.Pricing;
using Tuner.Core.Recommending;
using Tuner.Core.Slos;
using Tuner.Core.Space;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Building;

/// <summary>Why this one, and what is to be said where there is none.</summary>
internal static class ChoiceSections
{
    private const int MostRejected = 20;

    public static ChoiceSection Of(ReportMaterial material, ImmutableArray<CandidateRow> candidates, VerdictSection verdict)
    {
        var winner = candidates.FirstOrDefault(row => row.Key == verdict.Winner);
        var cheaper = candidates.Where(row => winner is null || material.CostOf(row) < material.CostOf(winner)).ToList();
        return new ChoiceSection
        {
            Rejected =
            [
                .. cheaper.Where(row => row.Standing is not Standing.NotMeasured)
                    .Select(row => Rejected(material, row, winner))
                    .OrderBy(row => row.Standing is Standing.Failed)
                    .ThenBy(row => row.Beyond ?? double.MaxValue)
                    .ThenBy(row => row.Objective)
                    .ThenBy(row => row.CostPerHour)
                    .Take(MostRejected),
            ],
            CheaperTried = cheaper.Count,
            CheaperMissed = cheaper.Count(row => row.Standing is Standing.Missed),
            CheaperFailed = cheaper.Count(row => row.Standing is Standing.Failed),
            CheaperUndecided = cheaper.Count(row => row.Standing is Standing.Undecided or Standing.NotMeasured),
            SamePriceMet = candidates.Count(row => winner is not null && row.Key != winner.Key && material.CostOf(row) == material.CostOf(winner) && row.Standing is Standing.Met),
            TieBreak = TieBreak(material, candidates, winner),
            Importance = ImportanceSections.Of(material),
            Undecided = TradeOffsSections.Undecided(material),
            TradeOffs = TradeOffsSections.Of(material),
            Neighbours = NeighbourRows.Of(material, candidates),
            WouldChange = [.. WouldChange(material, cheaper, winner).Select(material.Mask.Text)],
        };
    }

    public static InfeasibleSection? Infeasible(ReportMaterial material, ImmutableArray<CandidateRow> candidates)
    {
        if (material.Input.Recommendation is not Recommendation.NothingFeasible nothing)
        {
            return null;
        }

        return new InfeasibleSection
        {
            Binding = nothing.Binding?.Text,
            Nearest = nothing.Nearest?.Candidate.Key,
            Relaxations =
            [
                .. nothing.Relaxations.Select(item => new RelaxationRow(
                    item.Slo.Text, SloRows.Unit(item.Slo.Metric), item.Slo.Limit, item.Limit, item.Candidate.Key, CandidateRows.Exact(item.CostPerHour)) { Objective = candidates.FirstOrDefault(row => row.Key == item.Candidate.Key)?.Objective }),
            ],
            BestPerSlo = [.. material.Sweep.Slos.Select(slo => Best(slo, candidates))],
            Loads = LoadMetRows.Of(material),
            NotTried = [.. NotTried(material)],
        };
    }

    public static InconclusiveSection? Inconclusive(ReportMaterial material) => material.Input.Recommendation is Recommendation.Inconclusive open
        ? new InconclusiveSection(open.Reason, open.Needs, open.Closest?.Candidate.Key)
        : null;

    private static string? TieBreak(ReportMaterial material, ImmutableArray<CandidateRow> candidates, CandidateRow? winner)
    {
        var others = winner is null ? 0 : candidates.Count(row => row.Key != winner.Key && row.Standing is Standing.Met && IsTie(material, row, winner));
        return others == 0 ? null
            : $"{Words.Counted(others, "other candidate")} within {Figures.Percent((double)TieBand.Width)} of its cost met every SLO too; "
                + (material.Sweep.Baseline is null ? "without a baseline the first by name was taken." : "the one that changes least from the baseline was taken.");
    }

    private static bool IsTie(ReportMaterial material, CandidateRow row, CandidateRow winner) =>
        material.CostOf(row) is { } cost && material.CostOf(winner) is { } least && Math.Abs(cost - least) <= Math.Abs(least) * (double)TieBand.Width;

    private static IEnumerable<string> NotTried(ReportMaterial material)
    {
        var tried = material.ByCandidate.Count;
        if (material.Input.SpaceSize is { } size && size > tried)
        {
            yield return $"{Words.Counted(size - tried, "candidate")} of the {Figures.Count(size)} in the space had no trial.";
        }

        foreach (var excluded in material.Input.Excluded)
        {
            yield return $"{Words.Counted(excluded.Count, "candidate")} could not be measured: {excluded.Reason}.";
        }

        foreach (var parameter in material.Sweep.Space.Parameters.Where(parameter => parameter.GridSize() is > 1 and <= 64))
        {
            var seen = material.ByCandidate.Select(group => group.Key[parameter.Name].Text).ToHashSet(StringComparer.Ordinal);
            var unseen = parameter.Grid().Select(value => value.Text).Where(value => !seen.Contains(value)).ToList();
            if (unseen.Count > 0)
            {
                yield return $"No candidate with {parameter.Name} {string.Join(", ", unseen)} had a trial.";
            }
        }
    }

    private static RejectedRow Rejected(ReportMaterial material, CandidateRow row, CandidateRow? winner)
    {
        var worst = row.Standing is Standing.Failed
            ? null
            : row.Slos.Where(slo => slo.Verdict is not SloVerdict.Met).MaxBy(slo => SloRows.Beyond(slo.Estimate, slo.Limit, slo.Bound) ?? double.MaxValue);
        return new RejectedRow
        {
            Key = row.Key,
            Standing = row.Standing,
            CostPerHour = row.CostPerHour,
            Objective = row.Objective,
            Slo = worst?.Slo,
            Beyond = worst is null ? null : SloRows.Beyond(worst.Estimate, worst.Limit, worst.Bound),
            Reason = row.Standing is Standing.Met && winner is not null ? Met(material, row, winner) : row.Reason,
        };
    }

    private static string Met(ReportMaterial material, CandidateRow row, CandidateRow winner) => IsTie(material, row, winner)
        ? $"meets every SLO at a cost within {Figures.Percent((double)TieBand.Width)} of the winner's, which is nearer to the baseline"
        : "met every SLO in the search, but was not confirmed by fresh trials";

    private static IEnumerable<string> WouldChange(ReportMaterial material, List<CandidateRow> cheaper, CandidateRow? winner)
    {
        if (material.Input.Recommendation is Recommendation.Use { CheaperUndecided: { } undecided } use)
        {
            yield return $"{undecided.Candidate.Key} at {MinimizedRow.Cost(material.Minimized, material.Currency, undecided.CostPerHour, undecided.MeasuredObjective)} is cheaper and undecided: {use.CheaperUndecidedNeeds ?? "it needs more measurements"}.";
        }

        if (winner is null)
        {
            yield break;
        }

        if (NearestRelaxation(cheaper) is var (row, slo))
        {
            yield return $"With {Figures.InUnit(slo.DecidingBound, slo.Unit)} allowed for '{slo.Slo}', {row.Key} would do at {material.Cost(row)} "
                + $"({Figures.Percent((material.CostOf(row) / material.CostOf(winner)) - 1)}).";
        }

        if (winner.Slos.FirstOrDefault(item => item.Binding) is { Margin: > 0, DecidingBound: { } bound and > 0 } binding)
        {
            var move = Math.Abs((binding.Limit / bound) - 1);
            yield return $"The winner stands until the bound on '{binding.Slo}' {(binding.Bound is Bound.AtMost ? "rises" : "falls")} by {Figures.Percent(move)}, "
                + $"from {Figures.Beside(bound, binding.Limit, binding.Unit)} to {Figures.Limit(binding.Limit, binding.Unit)}.";
        }
    }

    private static (CandidateRow Row, SloRow Slo)? NearestRelaxation(List<CandidateRow> cheaper)
    {
        var nearest = cheaper
            .Where(row => row.Standing is Standing.Missed && row.Slos.Count(slo => slo.Verdict is not SloVerdict.Met) == 1)
            .Select(row => (Row: row, Slo: row.Slos.First(slo => slo.Verdict is not SloVerdict.Met)))
            .Where(pair => pair.Slo.Margin is > 1 - Figures.Far)
            .OrderByDescending(pair => pair.Slo.Margin)
            .Take(1)
            .ToList();
        return nearest.Count == 0 ? null : nearest[0];
    }

    private static BestRow Best(Slo slo, ImmutableArray<CandidateRow> candidates)
    {
        var values = candidates
            .SelectMany(row => row.Slos.Where(item => item.Slo == slo.Text && item.Estimate is not null).Select(item => (row.Key, Value: item.Estimate!.Value)))
            .ToList();
        if (values.Count == 0)
        {
            return new BestRow(slo.Text, SloRows.Unit(slo.Metric), slo.Limit, null, null);
        }

        var best = slo.Bound is Bound.AtMost ? values.MinBy(item => item.Value) : values.MaxBy(item => item.Value);
        return new BestRow(slo.Text, SloRows.Unit(slo.Metric), slo.Limit, best.Value, best.Key);
    }
}
