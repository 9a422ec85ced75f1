using System.Collections.Immutable;
using Tuner.Core.Definitions;
using Tuner.Core.Sweeps;
using Tuner.Service.Definitions;

namespace Tuner.Service.Submitting;

/// <summary>
/// Admits what is stored as if it were submitted now, with the prices of then: targets may have been removed, addresses,
/// rates and namespaces narrowed since.
/// </summary>
public sealed class PresentRules(IAdmission admission) : IStoredAdmission
{
    public async Task<ImmutableArray<DefinitionProblem>> RefusalsAsync(SweepSubmission stored, string project, CancellationToken cancellationToken)
    {
        var reading = await admission.ReadAsync(
            new SubmittedSweep(stored.FileName, stored.Definition, stored.Files), project, new ShippedPrices(stored.PriceBookName, stored.PriceBook), cancellationToken);
        if (!reading.IsValid)
        {
            return [.. reading.Errors];
        }

        // What is run is what was stored: its folder has to be the one that was admitted.
        return reading.Sweep.Target is Target.Process && !string.Equals(reading.Submission.BaseDirectory, stored.BaseDirectory, StringComparison.Ordinal)
            ? [new DefinitionProblem(ProblemSeverity.Error, "target", 0, 0, $"works in '{stored.BaseDirectory}', and its target was registered anew in '{reading.Submission.BaseDirectory}'. Submit the sweep again.")]
            : [];
    }
}
