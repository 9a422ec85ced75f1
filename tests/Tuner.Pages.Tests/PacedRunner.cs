using System.Collections.Immutable;
using Tuner.Core.Measurements;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Testing.Sweeps;

namespace Tuner.Pages.Tests;

/// <summary>Trials as a page has to show them, each a moment long: more workers are faster, three workers fail.</summary>
internal sealed class PacedRunner(TimeSpan pace) : ITrialRunner
{
    /// <summary>By how much candidates on half a core are slower than they were: what a gate has to notice.</summary>
    public double Slowdown { get; set; } = 1;

    public async Task<TrialOutcome> RunAsync(Sweep sweep, Trial trial, ITrialObserver observer, CancellationToken cancellationToken)
    {
        var workers = (int)trial.Candidate["workers"].Number!.Value;
        try
        {
            await Task.Delay(pace / 4, TimeProvider.System, cancellationToken);
            if (workers == 3)
            {
                return new TrialOutcome(new TrialState.CandidateFailed(FailureKind.ExitedAtStart, "exit code 1 after 0.4 s", "listening…\nworker 3: no such device <b>gpu</b>"), TimeSpan.FromSeconds(1));
            }

            await observer.MeasuringAsync(cancellationToken);
            observer.Progress(new TrialProgress("phase steady", 0.5, 100, TimeSpan.FromMilliseconds(240.0 / workers), 0));
            await Task.Delay(pace * 3 / 4, TimeProvider.System, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return new TrialOutcome(new TrialState.Interrupted("stopped"), TimeSpan.FromSeconds(1));
        }

        var slowdown = trial.Candidate["instanceType"].Text is "sample-half" ? Slowdown : 1;
        var measurement = SmallSweep.Steady(milliseconds: ((240.0 / workers) + (trial.Number % 20)) * slowdown) with { StartedAt = TimeProvider.System.GetUtcNow(), Warmup = TimeSpan.FromSeconds(1) };
        return new TrialOutcome(new TrialState.Measured(Renamed(measurement, sweep)), TimeSpan.FromSeconds(25));
    }

    public Task<IReadOnlyList<string>> RemoveLeftoversAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);

    private static Measurement Renamed(Measurement measurement, Sweep sweep) =>
        measurement with { Phases = [.. measurement.Phases.Zip(sweep.Load.Phases, (phase, wanted) => phase with { Name = wanted.Name }).ToImmutableArray()] };
}
