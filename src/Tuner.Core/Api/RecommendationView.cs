using System.Collections.Immutable;

namespace Tuner.Core.Api;

/// <summary>The answer of a sweep, or where it stands without one.</summary>
public sealed record RecommendationView
{
    public required string Sweep { get; init; }

    /// <summary><c>verified</c>, <c>notVerified</c>, <c>nothingFeasible</c>, <c>inconclusive</c>, <c>budgetExhausted</c> or <c>unfinished</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The status in a few words.</summary>
    public required string Headline { get; init; }

    /// <summary>One plain sentence.</summary>
    public required string Advice { get; init; }

    /// <summary>The recommended values by parameter; empty without a recommendation.</summary>
    public required ImmutableArray<ParameterSetting> Winner { get; init; }

    public decimal? CostPerHour { get; init; }

    public required string Currency { get; init; }

    /// <summary>Against the baseline, 0 to 1; negative when dearer, null without a baseline.</summary>
    public double? Saving { get; init; }

    /// <summary>How each SLO stands for the winner, or for the candidate that came nearest.</summary>
    public required ImmutableArray<SloView> Slos { get; init; }

    /// <summary>What a reader must know before believing it.</summary>
    public required ImmutableArray<string> Caveats { get; init; }

    /// <summary>Of a run of the gate, its word on what is accepted; null for a search.</summary>
    public GateWordView? Gate { get; init; }

    /// <summary>What <c>tuner run</c> would exit with: 0 verified, or a gate that did not fail; 3 the gate failed; 2 nothing feasible, 4 a budget ended, 5 not verified, 6 inconclusive; null while the sweep goes on.</summary>
    public int? ExitCode { get; init; }
}

/// <summary>What the gate says of a run.</summary>
/// <param name="Verdict"><c>pass</c>, <c>warning</c>, <c>fail</c>, or <c>pending</c> until it has been judged.</param>
/// <param name="Reason">In a sentence.</param>
public sealed record GateWordView(string Verdict, string Reason)
{
    public const string Pending = "pending";
}
