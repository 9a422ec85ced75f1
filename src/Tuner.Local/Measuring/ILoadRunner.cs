using System.Collections.Immutable;
using Tuner.Core.Loads;
using Tuner.Core.Measurements;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Local.Measuring;

/// <summary>Puts endpoints under load; the seam between deploying and measuring.</summary>
internal interface ILoadRunner
{
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<Measurement> RunAsync(LoadOrder order, CancellationToken cancellationToken);
}

/// <summary>One load to run.</summary>
/// <param name="IsLocal">Whether the endpoints share this machine with the generator.</param>
/// <param name="Protection">How the generator is shielded, in words for the measurement.</param>
/// <param name="Progress">Hears how it goes.</param>
internal sealed record LoadOrder(Sweep Sweep, Trial Trial, ImmutableArray<Uri> Endpoints, bool IsLocal, string Protection, Action<TrialProgress> Progress)
{
    public LoadProfile Profile => Sweep.LoadOf(Trial.Candidate);
}
