using System.Collections.Immutable;

namespace Tuner.Service.Reports.Sections;

/// <summary>Why this one: what became of everything cheaper, and what would change the answer.</summary>
public sealed record ChoiceSection
{
    /// <summary>Candidates that are cheaper than the winner by what is minimized (all, without a winner) and were not chosen; nearest to feasible first.</summary>
    public required ImmutableArray<RejectedRow> Rejected { get; init; }

    public required int CheaperTried { get; init; }

    public required int CheaperMissed { get; init; }

    public required int CheaperFailed { get; init; }

    public required int CheaperUndecided { get; init; }

    /// <summary>Met at the same price as the winner and not chosen.</summary>
    public required int SamePriceMet { get; init; }

    /// <summary>How the winner was told from others at its price; null where there was none.</summary>
    public string? TieBreak { get; init; }

    /// <summary>How much each parameter matters.</summary>
    public required ImportanceSection Importance { get; init; }

    /// <summary>A cheaper candidate that stayed undecided; null where every cheaper one is decided.</summary>
    public UndecidedRow? Undecided { get; init; }

    /// <summary>What other users would pick; null while the sweep goes on.</summary>
    public TradeOffsSection? TradeOffs { get; init; }

    /// <summary>Measured candidates one change away from the winner, nearest first.</summary>
    public required ImmutableArray<NeighbourRow> Neighbours { get; init; }

    /// <summary>Sentences: which limit or which further measurement would lead to another answer.</summary>
    public required ImmutableArray<string> WouldChange { get; init; }
}

/// <summary>A candidate that was not chosen, with the reason.</summary>
public sealed record RejectedRow
{
    public required string Key { get; init; }

    public required Standing Standing { get; init; }

    public required decimal CostPerHour { get; init; }

    /// <summary>What is minimized, where a trial measures it.</summary>
    public double? Objective { get; init; }

    /// <summary>The objective that it misses by most; null where it failed.</summary>
    public string? Slo { get; init; }

    /// <summary>How far the estimate is beyond the limit, as a share of the limit; negative within it.</summary>
    public double? Beyond { get; init; }

    public required string Reason { get; init; }
}

/// <summary>What can be said when every candidate missed or failed.</summary>
public sealed record InfeasibleSection
{
    /// <summary>The objective that rules out the most.</summary>
    public string? Binding { get; init; }

    public string? Nearest { get; init; }

    public required ImmutableArray<RelaxationRow> Relaxations { get; init; }

    public required ImmutableArray<BestRow> BestPerSlo { get; init; }

    /// <summary>Each phase of the load by itself, smallest rate first: at which load the SLOs could be met.</summary>
    public required ImmutableArray<LoadMetRow> Loads { get; init; }

    /// <summary>Sentences: what of the space was not looked at.</summary>
    public required ImmutableArray<string> NotTried { get; init; }
}

/// <summary>Moving one limit so far would admit this candidate at this price. The limit is in <see cref="Unit"/>.</summary>
public sealed record RelaxationRow(string Slo, string Unit, double From, double To, string Key, decimal CostPerHour)
{
    /// <summary>What is minimized, where a trial measures it.</summary>
    public double? Objective { get; init; }
}

/// <summary>The best that any candidate reached on one objective, in its unit.</summary>
public sealed record BestRow(string Slo, string Unit, double Limit, double? Best, string? Key);

/// <summary>What can be said when there is no answer yet.</summary>
public sealed record InconclusiveSection(string Reason, string Needs, string? Closest);
