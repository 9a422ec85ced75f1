using System.Collections.Immutable;
using Tuner.Core.Pricing;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Service.Storage;

/// <summary>A trial without what it measured: read a hundred times faster than the whole.</summary>
/// <param name="State">The name of its state, as <see cref="TrialState.Name"/> has it.</param>
public sealed record TrialOutline(int Number, Candidate Candidate, TrialPurpose Purpose, string State, string Reason, TimeSpan Deployed)
{
    /// <summary>Whether it counts in the budget: one that was stopped is run again under a new number.</summary>
    public bool Counts => State is not (nameof(TrialState.Interrupted) or nameof(TrialState.Cancelled));

    /// <summary>What all of them have cost, in the sweep's currency.</summary>
    public static decimal Money(Sweep sweep, ImmutableArray<TrialOutline> outlines) =>
        outlines.Sum(outline => CandidateCost.Spent(sweep.PerHour(outline.Candidate), outline.Deployed));
}
