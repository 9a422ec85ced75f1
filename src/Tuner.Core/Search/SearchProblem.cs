using System.Collections.Immutable;
using Tuner.Core.Slos;
using Tuner.Core.Space;

namespace Tuner.Core.Search;

/// <summary>What a strategy may know: the space, what each candidate costs, and which objectives must hold.</summary>
public sealed record SearchProblem
{
    public required SearchSpace Space { get; init; }

    /// <summary>The known cost of running a candidate, in the currency per hour; what the search minimizes unless it has to be measured.</summary>
    public required Func<Candidate, double> CostPerHour { get; init; }

    /// <summary>Whether what is minimized is known, or measured by each trial (<see cref="Observation.Measured.Objective"/>).</summary>
    public ObjectiveBasis Objective { get; init; }

    public required ImmutableArray<Slo> Slos { get; init; }

    public required int Seed { get; init; }

    /// <summary>What is known of parameters beyond their values, by parameter name; a parameter without an entry has no hint.</summary>
    public ImmutableDictionary<string, ParameterHint> Hints { get; init; } = ImmutableDictionary<string, ParameterHint>.Empty;

    /// <summary>
    /// Whether a strategy may propose a measured candidate again to learn it better. A sweep says no: it repeats and
    /// verifies by its own rules.
    /// </summary>
    public bool AllowRepeats { get; init; }

    /// <summary>Trials of earlier sweeps of comparable workloads, for a warm start; one list a sweep.</summary>
    public ImmutableArray<ImmutableArray<Observation>> History { get; init; } = [];
}

/// <summary>What is known of one trial of a candidate.</summary>
public abstract record Observation(Candidate Candidate)
{
    /// <summary>Started and not ended: counted in, so that it is not proposed again.</summary>
    public sealed record Pending(Candidate Candidate) : Observation(Candidate);

    /// <summary>
    /// Measured. <paramref name="LogViolations"/> has one entry for each SLO of the problem, in order:
    /// <see cref="Slo.LogViolation"/> of the measured value, NaN where the metric is missing (counts as violated).
    /// </summary>
    public sealed record Measured(Candidate Candidate, ImmutableArray<double> LogViolations) : Observation(Candidate)
    {
        /// <summary>What is minimized, where it is measured; smaller is better. Null where it is known, or missing from the measurement.</summary>
        public double? Objective { get; init; }

        /// <summary>
        /// True where the candidate is no answer whatever it is in truth: missed, or open after all its trials. What it measured
        /// says as much of its neighbours as ever.
        /// </summary>
        public bool IsNoAnswer { get; init; }
    }

    /// <summary>Failed by its own fault: infeasible.</summary>
    public sealed record Failed(Candidate Candidate) : Observation(Candidate);
}

/// <summary>What a strategy proposes.</summary>
public sealed record Suggestion
{
    /// <summary>Empty when the strategy has nothing left to propose.</summary>
    public required ImmutableArray<ProposedCandidate> Next { get; init; }

    /// <summary>Why the search might as well end here; null while it is worth going on.</summary>
    public string? Stop { get; init; }

    /// <summary>The measured candidate that would be regretted least if the search ended here; a nomination, not a recommendation.</summary>
    public Candidate? Nominee { get; init; }

    /// <summary>
    /// By parameter: the share of what is predicted to vary over the space that it explains by itself, 0 to 1; near zero
    /// where it does not matter. Empty where the strategy has no model.
    /// </summary>
    public ImmutableDictionary<string, double> Importance { get; init; } = ImmutableDictionary<string, double>.Empty;
}

/// <summary>A candidate to try, with the reason in words for someone who watches.</summary>
public sealed record ProposedCandidate(Candidate Candidate, string Why);
