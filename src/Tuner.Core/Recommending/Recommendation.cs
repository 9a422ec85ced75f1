using System.Collections.Immutable;
using Tuner.Core.Slos;
using Tuner.Core.Space;

namespace Tuner.Core.Recommending;

/// <summary>The answer of a sweep.</summary>
public abstract record Recommendation
{
    private Recommendation()
    {
    }

    /// <summary>Run this one: the cheapest candidate that meets every SLO.</summary>
    public sealed record Use : Recommendation
    {
        public required CandidateEvidence Winner { get; init; }

        /// <summary>True when fresh, interleaved trials confirmed it.</summary>
        public required bool Verified { get; init; }

        /// <summary>Why it is not verified; null where it is.</summary>
        public string? NotVerifiedBecause { get; init; }

        /// <summary>The SLO with the least margin.</summary>
        public required SloAssessment Binding { get; init; }

        /// <summary>A cheaper candidate that is neither met nor missed, and what would decide it.</summary>
        public CandidateEvidence? CheaperUndecided { get; init; }

        public string? CheaperUndecidedNeeds { get; init; }

        /// <summary>About how many more measurements would decide it if its values stay as they are; null where no number would.</summary>
        public int? CheaperUndecidedMeasurements { get; init; }
    }

    /// <summary>Every candidate missed or failed.</summary>
    public sealed record NothingFeasible : Recommendation
    {
        /// <summary>The candidate that came nearest; null when none was even measured.</summary>
        public CandidateEvidence? Nearest { get; init; }

        /// <summary>The SLO that rules out the most; null when none was measured.</summary>
        public Slo? Binding { get; init; }

        /// <summary>For each SLO alone: the smallest limit that would admit a candidate that meets the others, and which.</summary>
        public ImmutableArray<Relaxation> Relaxations { get; init; } = [];

        /// <summary>The heaviest phase that some candidate meets the SLOs in; null where none does.</summary>
        public MeetableLoad? Load { get; init; }
    }

    /// <summary>There is no answer yet.</summary>
    public sealed record Inconclusive : Recommendation
    {
        public required string Reason { get; init; }

        /// <summary>What it would take to decide, in words with numbers.</summary>
        public required string Needs { get; init; }

        /// <summary>The cheapest candidate that may well be feasible; null when none was measured.</summary>
        public CandidateEvidence? Closest { get; init; }
    }
}

/// <summary>What was learned about one candidate: its price and how each SLO stands.</summary>
public sealed record CandidateEvidence
{
    /// <summary>Behind every candidate whose objective is known.</summary>
    public const decimal Unmeasured = 1e20m;

    private readonly decimal? score;

    public required Candidate Candidate { get; init; }

    public required decimal CostPerHour { get; init; }

    /// <summary>What is minimized, where it had to be measured: its mean over the measurements. Null where it is the price.</summary>
    public double? MeasuredObjective { get; init; }

    /// <summary>What orders candidates, smallest first: the price, or the measured objective; <see cref="Unmeasured"/> where a trial did not tell it.</summary>
    public decimal Score { get => score ?? CostPerHour; init => score = value; }

    public bool HasScore => Score < Unmeasured;

    /// <summary>One for each SLO of the sweep, in order.</summary>
    public required ImmutableArray<SloAssessment> Slos { get; init; }

    /// <summary>Valid measurements behind it.</summary>
    public required int Measurements { get; init; }

    /// <summary>True where these are the verification's alone, taken after the candidate was chosen.</summary>
    public bool Fresh { get; init; }

    public SloVerdict Verdict =>
        Slos.Any(slo => slo.Verdict is SloVerdict.Missed) ? SloVerdict.Missed
        : Slos.All(slo => slo.Verdict is SloVerdict.Met) ? SloVerdict.Met
        : SloVerdict.Unknown;
}

/// <summary>Raising one limit to <see cref="Limit"/> would admit <see cref="Candidate"/> at its price.</summary>
public sealed record Relaxation(Slo Slo, double Limit, Candidate Candidate, decimal CostPerHour);
