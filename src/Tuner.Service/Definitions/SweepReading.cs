using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Tuner.Core.Definitions;
using Tuner.Core.Sweeps;

namespace Tuner.Service.Definitions;

/// <summary>A definition that was read: the sweep, or every error; warnings in either case.</summary>
public sealed record SweepReading
{
    /// <summary>How the definition's file was named to us; problems are printed with it.</summary>
    public required string File { get; init; }

    /// <summary>Null where there are errors.</summary>
    public Sweep? Sweep { get; init; }

    /// <summary>All errors and warnings in the order of the file.</summary>
    public required ImmutableArray<DefinitionProblem> Problems { get; init; }

    /// <summary>What was read, so that the same can be read again; null where the file itself could not be.</summary>
    public SweepSubmission? Submission { get; init; }

    /// <summary>The name of a target that is not known here, though a service may know it; null where there is none.</summary>
    public string? UnknownTarget { get; init; }

    public IEnumerable<DefinitionProblem> Errors => Problems.Where(problem => problem.IsError);

    public IEnumerable<DefinitionProblem> Warnings => Problems.Where(problem => !problem.IsError);

    [MemberNotNullWhen(true, nameof(Sweep), nameof(Submission))]
    public bool IsValid => Sweep is not null && Submission is not null;
}
