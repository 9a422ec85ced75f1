using System.Collections.Immutable;
using Tuner.Core.Slos;

namespace Tuner.Service.Reports.Sections;

/// <summary>The answer on one screen.</summary>
public sealed record VerdictSection
{
    public required VerdictStatus Status { get; init; }

    /// <summary>The status in a few words.</summary>
    public required string Headline { get; init; }

    /// <summary>Why the status is not the best one; null where it is.</summary>
    public string? Because { get; init; }

    /// <summary>Key of the recommended candidate; null without one.</summary>
    public string? Winner { get; init; }

    /// <summary>Key of the candidate whose numbers stand in the box: the winner, else the nearest or the closest one.</summary>
    public string? Shown { get; init; }

    public SavingRow? Saving { get; init; }

    /// <summary>The objectives of the shown candidate, in order; empty when none was measured.</summary>
    public required ImmutableArray<SloRow> Slos { get; init; }

    /// <summary>One plain sentence.</summary>
    public required string Advice { get; init; }

    /// <summary>What a reader must know before believing the numbers.</summary>
    public required ImmutableArray<string> Caveats { get; init; }
}

/// <summary>How a sweep came out.</summary>
public enum VerdictStatus
{
    /// <summary>Use the winner; fresh, interleaved trials confirmed it.</summary>
    Verified,

    /// <summary>Use the winner; it was not confirmed by fresh trials.</summary>
    NotVerified,

    NothingFeasible,

    Inconclusive,

    /// <summary>A budget ended before there was an answer.</summary>
    BudgetExhausted,

    /// <summary>The sweep still runs or was stopped before it had an answer.</summary>
    Unfinished,
}

/// <summary>The winner against the baseline. Exact, because prices are known; negative when the winner is dearer.</summary>
public sealed record SavingRow(string Baseline, decimal PerHour, decimal PerMonth, double Share, bool Exact)
{
    /// <summary>Where a trial measures what is minimized: how much of the baseline's value the winner saves; negative when it has more.</summary>
    public double? ObjectiveShare { get; init; }
}

/// <summary>One objective as it stands for one candidate. Values are in <see cref="Unit"/>.</summary>
public sealed record SloRow
{
    /// <summary>The objective as it was written.</summary>
    public required string Slo { get; init; }

    /// <summary><c>s</c>, <c>share</c> (0 to 1), <c>1/s</c>, <c>B</c>, <c>cores</c> or <c>x baseline</c>; empty for a number that the target reports.</summary>
    public required string Unit { get; init; }

    public required Bound Bound { get; init; }

    public required double Limit { get; init; }

    public string? Phase { get; init; }

    public required SloVerdict Verdict { get; init; }

    /// <summary>True for the objective with the least margin.</summary>
    public required bool Binding { get; init; }

    /// <summary>Null where nothing was measured, or too few requests to print a percentile.</summary>
    public double? Estimate { get; init; }

    public double? Lower { get; init; }

    public double? Upper { get; init; }

    /// <summary>Room between the limit and the bound of the interval on the bad side, as a share of the limit; negative beyond it.</summary>
    public double? Margin { get; init; }

    public required long Requests { get; init; }

    public double? EffectiveRequests { get; init; }

    public required int Repeats { get; init; }

    /// <summary>Standard deviation of ln(estimate) within a run.</summary>
    public double? WithinDeviation { get; init; }

    /// <summary>Standard deviation of ln(estimate) between repeats.</summary>
    public double? BetweenDeviation { get; init; }

    public required string Reason { get; init; }

    /// <summary>The bound on the bad side as it is shown beside its limit.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string DecidingText => IsOpenEnded(DecidingBound) ? "none" : Figures.Beside(DecidingBound, Limit, Unit);

    /// <summary>The interval as people read it.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string IntervalText => IsOpenEnded(Upper) ? $"{Figures.InUnit(Lower, Unit)} or more" : $"{Figures.InUnit(Lower, Unit)} to {Figures.Beside(Upper, Limit, Unit)}";

    /// <summary>The bound of the interval on the bad side.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public double? DecidingBound => Bound is Bound.AtMost ? Upper : Lower;

    /// <summary>True where so little was measured that it sets no upper bound worth telling.</summary>
    private bool IsOpenEnded(double? upper) => upper is { } end && Core.Slos.Slo.IsFar(end, Estimate, Limit, Bound);
}
