using System.Collections.Immutable;
using Tuner.Core.Definitions;
using Tuner.Core.Sweeps;
using Tuner.Service.Storage;

namespace Tuner.Service.Submitting;

/// <summary>How a submission came out.</summary>
public abstract record SubmissionOutcome
{
    private SubmissionOutcome()
    {
    }

    /// <summary>The definition has errors, or asks for what the operator has not allowed.</summary>
    public sealed record Refused(string FileName, ImmutableArray<DefinitionProblem> Problems) : SubmissionOutcome;

    /// <summary>A dry run: what would be stored.</summary>
    public sealed record Planned(Sweep Sweep, SweepPreview Preview, ImmutableArray<DefinitionProblem> Warnings) : SubmissionOutcome;

    /// <summary>It is stored and queued.</summary>
    public sealed record Accepted(StoredSweep Sweep) : SubmissionOutcome;

    /// <summary>The same submission came before under this key: the sweep that was made then.</summary>
    public sealed record Known(StoredSweep Sweep) : SubmissionOutcome;

    /// <summary>Another submission came before under this key; nothing was stored.</summary>
    public sealed record KeyTaken(StoredSweep By) : SubmissionOutcome;
}
