using System.Collections.Immutable;
using Tuner.Core.Definitions;
using Tuner.Service.Definitions;

namespace Tuner.Service.Submitting;

/// <summary>The rules of <c>tuner run</c>: whoever starts it may start anything else on this machine, too.</summary>
public sealed class OwnSweeps : IStoredAdmission
{
    public Task<ImmutableArray<DefinitionProblem>> RefusalsAsync(SweepSubmission stored, string project, CancellationToken cancellationToken) =>
        Task.FromResult(ImmutableArray<DefinitionProblem>.Empty);
}
