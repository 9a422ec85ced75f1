using System.Collections.Immutable;
using Tuner.Core.Planning;
using Tuner.Core.Recommending;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Building;

/// <summary>The answer on one screen, and its sentence of advice.</summary>
internal static class VerdictSections
{
    private const double ThinMargin = 0.1;

    public static VerdictSection Of(ReportMaterial material, ImmutableArray<CandidateRow> candidates)
    {
        var recommendation = material.Input.Recommendation;
        var status = StatusOf(material.Input);
        var shown = recommendation switch
        {
            Recommendation.Use use => use.Winner.Candidate,
            Recommendation.NothingFeasible nothing => nothing.Nearest?.Candidate,
            Recommendation.Inconclusive open => open.Closest?.Candidate,
            _ => null,
        };
        var row = candidates.FirstOrDefault(candidate => candidate.Key == shown?.Key);
        var saving = SavingOf(material, candidates);
        return new VerdictSection
        {
            Status = status,
            Headline = Headline(status),
            Because = Because(material) is { } because ? Sentence(material.Mask.Text(because)) : null,
            Winner = material.Winner?.Key,
            Shown = shown?.Key,
            Saving = saving,
            Slos = row?.Slos ?? [],
            Advice = Advice(material, row, saving, candidates),
            Caveats = Caveats(material, shown, candidates),
        };
    }

    private static VerdictStatus StatusOf(ReportInput input) => (input.Recommendation, input.Stop) switch
    {
        (Recommendation.Use { Verified: true }, _) => VerdictStatus.Verified,
        (Recommendation.Use, _) => VerdictStatus.NotVerified,
        (Recommendation.NothingFeasible, _) => VerdictStatus.NothingFeasible,
        (_, { IsBudget: true }) => VerdictStatus.BudgetExhausted,
        (Recommendation.Inconclusive, _) => VerdictStatus.Inconclusive,
        _ => VerdictStatus.Unfinished,
    };

    private static string Headline(VerdictStatus status) => status switch
    {
        VerdictStatus.Verified => "Use this configuration (verified)",
        VerdictStatus.NotVerified => "Use this configuration (not verified)",
        VerdictStatus.NothingFeasible => "Nothing feasible: no candidate meets every SLO",
        VerdictStatus.Inconclusive => "Inconclusive: there is no answer yet",
        VerdictStatus.BudgetExhausted => "Budget exhausted before there was an answer",
        _ => "Unfinished: there is no answer yet",
    };

    private static string? Because(ReportMaterial material) => material.Input.Recommendation switch
    {
        Recommendation.Use { Verified: false } use => use.NotVerifiedBecause,
        Recommendation.Use => null,
        Recommendation.NothingFeasible { Binding: { } binding } => $"'{binding.Text}' rules out the most",
        Recommendation.NothingFeasible => "no candidate could be measured",
        Recommendation.Inconclusive open => open.Reason,
        _ => material.Input.Stop?.Text,
    };

    private static SavingRow? SavingOf(ReportMaterial material, ImmutableArray<CandidateRow> candidates)
    {
        var winner = candidates.FirstOrDefault(row => row.Key == material.Winner?.Key);
        var baseline = candidates.FirstOrDefault(row => row.Key == material.Sweep.Baseline?.Key);
        if (winner is null || baseline is null || baseline.CostPerHour == 0)
        {
            return null;
        }

        var perHour = baseline.CostPerHour - winner.CostPerHour;
        return new SavingRow(baseline.Key, perHour, baseline.CostPerMonth - winner.CostPerMonth, (double)(perHour / baseline.CostPerHour), Exact: true)
        {
            ObjectiveShare = (baseline.Objective, winner.Objective) is ({ } before and > 0, { } now) ? 1 - (now / before) : null,
        };
    }

    private static string Advice(ReportMaterial material, CandidateRow? row, SavingRow? saving, ImmutableArray<CandidateRow> candidates) => material.Input.Recommendation switch
    {
        Recommendation.Use use when row is not null => Use(material, use, row, saving),
        Recommendation.NothingFeasible nothing => Nothing(material, nothing, candidates),
        Recommendation.Inconclusive open => $"Decide nothing yet. What it would take: {Continued(open.Needs)}",
        _ => material.Input.Stop is { IsBudget: true }
            ? "Raise the budget and run it again."
            : "Decide nothing yet: the sweep has not ended. Where it was stopped it goes on when it is run again, and finished trials are kept.",
    };

    private static string Use(ReportMaterial material, Recommendation.Use use, CandidateRow row, SavingRow? saving)
    {
        var start = saving switch
        {
            _ when use.Winner.MeasuredObjective is { } value => Measured(material, row, value),
            null => $"Deploy it: {Figures.Money(row.CostPerHour, material.Currency)} per hour is the least that meets every SLO",
            _ when saving.Baseline == row.Key => "Keep the baseline: nothing cheaper was shown to meet every SLO",
            { PerHour: > 0 } => $"Deploy it: it costs {Figures.Percent(saving.Share)} less than the baseline and meets every SLO",
            { PerHour: 0 } => "Deploy it: it costs what the baseline costs, and it meets every SLO",
            _ => $"Deploy it: it costs {Figures.Percent(-saving.Share)} more than the baseline, which was not shown to meet every SLO",
        };
        var binding = row.Slos.FirstOrDefault(slo => slo.Binding);
        var margin = binding?.Margin switch
        {
            null => "",
            < ThinMargin => $"; the margin on '{binding.Slo}' is thin ({Figures.Percent(binding.Margin)}), so watch it",
            _ => $"; '{binding.Slo}' keeps a margin of {Figures.Percent(binding.Margin)}",
        };
        var check = use.Verified ? "" : ". Verify it before you rely on it";
        var cheaper = use.CheaperUndecided is { } undecided
            ? $" A cheaper one stayed undecided: {undecided.Candidate.Key} at {MinimizedRow.Cost(material.Minimized, material.Currency, undecided.CostPerHour, undecided.MeasuredObjective)}"
                + (use.CheaperUndecidedMeasurements is { } more ? $"; about {Words.Counted(more, "more measurement")} would decide it." : ".")
            : "";
        return $"{start}{margin}{check}.{cheaper}";
    }

    /// <summary>Where a trial tells what is minimized, the price per hour says little: the objective speaks, its baseline's value beside it.</summary>
    private static string Measured(ReportMaterial material, CandidateRow row, double value)
    {
        string Value(double number) => material.Minimized is { } minimized ? $"{minimized.Words(number)}{(minimized.Currency is null ? "" : " at the measured throughput")}" : "";
        var baseline = material.Sweep.Baseline is { } today ? material.EvidenceFor(today) : null;
        return baseline switch
        {
            _ when material.Sweep.Baseline?.Key == row.Key => $"Keep the baseline: its {Value(value)} is the least that was measured among those that meet every SLO",
            { MeasuredObjective: { } before } => $"Deploy it: its {Value(value)} is the least that was measured among those that meet every SLO; the baseline has {Value(before)}",
            _ => $"Deploy it: its {Value(value)} is the least that was measured among those that meet every SLO",
        };
    }

    private static string Nothing(ReportMaterial material, Recommendation.NothingFeasible nothing, ImmutableArray<CandidateRow> candidates)
    {
        if (nothing.Relaxations.IsDefaultOrEmpty)
        {
            return nothing.Nearest is null
                ? "Look at the failures below: no candidate got as far as a measurement."
                : "Widen the parameters: moving one limit alone would admit nothing that was measured.";
        }

        var smallest = nothing.Relaxations.MinBy(item => Math.Abs(Math.Log(item.Limit / item.Slo.Limit)))!;
        var unit = SloRows.Unit(smallest.Slo.Metric);
        if (Math.Abs(Math.Log(smallest.Limit / smallest.Slo.Limit)) > Math.Log(Figures.Far))
        {
            return $"Widen the parameters: '{smallest.Slo.Text}' would have to be relaxed more than tenfold before anything measured would do.";
        }

        return $"Widen the parameters, or accept {Figures.InUnit(smallest.Limit, unit)} for '{smallest.Slo.Text}': "
            + $"that admits {smallest.Candidate.Key} at {MinimizedRow.Cost(material.Minimized, material.Currency, smallest.CostPerHour, candidates.FirstOrDefault(each => each.Key == smallest.Candidate.Key)?.Objective)}.";
    }

    private static ImmutableArray<string> Caveats(ReportMaterial material, Candidate? shown, ImmutableArray<CandidateRow> candidates)
    {
        var notes = shown is null ? [] : material.Valid(shown).SelectMany(summary => summary.Measurement.Notes);
        var baseline = material.Winner is null ? null : candidates.FirstOrDefault(row => row.Key == material.Sweep.Baseline?.Key);
        var standing = baseline?.Standing switch
        {
            Standing.NotMeasured => "The baseline has no valid measurement: its price is compared, its latency is not known.",
            Standing.Failed => $"The baseline {baseline.Reason}",
            Standing.Missed => $"The baseline {baseline.Reason}.",
            _ => null,
        };
        var drift = material.Input.Drift is { IsReal: true } real ? new[] { real.Words } : [];
        var envelope = NoEnvelope(material.Input) is { } missing ? new[] { missing } : [];
        return [.. material.Input.Notes.Concat(notes).Concat(drift).Concat(standing is null ? [] : [standing]).Concat(envelope).Distinct(StringComparer.Ordinal).Select(material.Mask.Text)];
    }

    /// <summary>Said once the sweep has ended: until then it may still come.</summary>
    private static string? NoEnvelope(ReportInput input) =>
        input.Stop is not null && EnvelopeProbe.WhyMissing(input.Sweep, input.Trials, input.EndedAt - input.StartedAt, input.Recommendation) is { } why
            ? Sentence($"The operating envelope that verification.envelope asks for was not measured: {why}")
            : null;

    /// <summary>A sentence after a colon.</summary>
    private static string Continued(string text) => Sentence(text) is { Length: > 0 } sentence ? char.ToLowerInvariant(sentence[0]) + sentence[1..] : "";

    private static string Sentence(string text)
    {
        var start = text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
        return start.EndsWith('.') || start.Length == 0 ? start : $"{start}.";
    }
}
