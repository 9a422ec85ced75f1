using Tuner.Core.Measurements;
using Tuner.Core.Planning;
using Tuner.Core.Slos;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Testing.Simulation;

/// <summary>
/// Runs trials on a simulated service in virtual time: deployment, readiness, load and removal pass on the clock, and the
/// outcome is there at once.
/// </summary>
public sealed class SimulatedTrialRunner(SimulatedService service, VirtualClock clock) : ITrialRunner
{
    private readonly DateTimeOffset started = clock.GetUtcNow();

    /// <summary>How long a candidate takes to become ready, and to be removed.</summary>
    public TimeSpan DeployTime { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The chance that a trial ends Invalid, because the generator was the limit.</summary>
    public double InvalidShare { get; init; }

    /// <summary>Seconds of load sent so far, warm-up included.</summary>
    public double LoadSeconds { get; private set; }

    public async Task<TrialOutcome> RunAsync(Sweep sweep, Trial trial, ITrialObserver observer, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return new TrialOutcome(new TrialState.Interrupted("cancelled before it began"), TimeSpan.Zero);
        }

        clock.Advance(DeployTime);
        if (Failed(trial) is { } failed)
        {
            return failed;
        }

        await observer.MeasuringAsync(cancellationToken);
        var outcome = Measure(sweep, trial);
        if (cancellationToken.IsCancellationRequested)
        {
            return outcome with { State = new TrialState.Interrupted("cancelled under load") };
        }

        observer.Progress(new TrialProgress("done", Share: 1));
        return outcome;
    }

    public Task<IReadOnlyList<string>> RemoveLeftoversAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>The whole trial without the ceremony, for those that drive the planner themselves.</summary>
    public TrialOutcome Run(Sweep sweep, Trial trial)
    {
        clock.Advance(DeployTime);
        return Failed(trial) ?? Measure(sweep, trial);
    }

    /// <summary>What follows the deployment of a candidate that runs.</summary>
    public TrialOutcome Measure(Sweep sweep, Trial trial)
    {
        var sinceStart = clock.GetUtcNow() - started;
        var measurement = service.Measure(trial.Candidate, sweep.Load, trial.Number, sinceStart, clock.GetUtcNow()) with { Warmup = sweep.Measurement.Warmup };
        measurement = sweep.Measurement.EarlyAbort ? Shortened(Screening.EarlyEndOf(sweep, trial), measurement) : measurement;
        var load = sweep.Measurement.Warmup + measurement.Phases.Aggregate(TimeSpan.Zero, (sum, phase) => sum + phase.Duration);
        LoadSeconds += load.TotalSeconds;
        clock.Advance(load);
        var deployed = DeployTime + load;
        var invalid = Chance.For(service.Seed, trial.Number, 99).Uniform() < InvalidShare;
        return invalid
            ? new TrialOutcome(new TrialState.Invalid("the generator was the limit", measurement with { InvalidReasons = ["the generator was the limit"] }), deployed)
            : new TrialOutcome(new TrialState.Measured(measurement), deployed);
    }

    private TrialOutcome? Failed(Trial trial) => service.Surface.FailureOf(trial.Candidate) is { } failure
        ? new TrialOutcome(new TrialState.CandidateFailed(failure.Kind, failure.Reason, LogTail: failure.Reason), DeployTime)
        : null;

    /// <summary>The measurement as it is when <see cref="EarlyEnd"/> may end it; the whole one where it never asks to.</summary>
    /// <param name="early">The rule.</param>
    /// <param name="whole">The measurement in full.</param>
    public static Measurement Shortened(EarlyEnd early, Measurement whole)
    {
        var length = whole.Phases.Sum(phase => phase.Seconds.Length);
        for (var seconds = 1; seconds < length; seconds++)
        {
            if (early.Look(SimulatedMeasurement.SoFar(whole, seconds)) is { } reason)
            {
                return SimulatedMeasurement.EndedAfter(whole, seconds, reason);
            }
        }

        return whole;
    }
}
