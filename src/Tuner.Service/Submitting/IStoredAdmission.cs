using System.Collections.Immutable;
using Tuner.Core.Definitions;
using Tuner.Service.Definitions;

namespace Tuner.Service.Submitting;

/// <summary>Whether what was stored earlier may still be run here: rules can have become stricter since it was submitted.</summary>
public interface IStoredAdmission
{
    /// <summary>Every reason why not, with its cure; empty where it may.</summary>
    Task<ImmutableArray<DefinitionProblem>> RefusalsAsync(SweepSubmission stored, string project, CancellationToken cancellationToken);
}
