using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Engine;

namespace Tuner.Testing.Serving;

/// <summary>One runner for the trials of every sweep.</summary>
public sealed class OneRunner(ITrialRunner runner) : ITrialRunners
{
    public ITrialRunner For(Sweep sweep) => runner;

    public Task<IReadOnlyList<string>> RemoveLeftoversAsync(CancellationToken cancellationToken) => runner.RemoveLeftoversAsync(cancellationToken);
}
