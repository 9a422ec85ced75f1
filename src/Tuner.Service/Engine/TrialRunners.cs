using Tuner.Core.Planning;
using Tuner.Core.Slos;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Local;

namespace Tuner.Service.Engine;

/// <summary>Which runner deploys a sweep's candidates.</summary>
public interface ITrialRunners
{
    ITrialRunner For(Sweep sweep);

    /// <summary>Removes what killed runs on this machine left behind; returns what it removed, for the log.</summary>
    Task<IReadOnlyList<string>> RemoveLeftoversAsync(CancellationToken cancellationToken);
}

/// <summary>The runner by the sweep's target.</summary>
public sealed class TrialRunners(SweepEngineOptions options) : ITrialRunners
{
    private readonly LocalTrialRunner local = new(options.Local.EndEarly is null ? options.Local with { EndEarly = EndEarly } : options.Local);

    public ITrialRunner For(Sweep sweep) => local;

    public Task<IReadOnlyList<string>> RemoveLeftoversAsync(CancellationToken cancellationToken) => local.RemoveLeftoversAsync(cancellationToken);

    private static Func<IReadOnlyList<Core.Measurements.PhaseMeasurement>, string?> EndEarly(Sweep sweep, Trial trial) =>
        new EarlyEnd(sweep.Slos, sweep.Load, sweep.Judging(verifying: false))
        {
            // Fresh trials decide what is recommended: they only end early where they are hopeless.
            GoodToo = trial.Purpose is TrialPurpose.Search or TrialPurpose.Repeat,
        }.Look;
}
