using System.Diagnostics;
using Tuner.Core.Measurements;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Engine;
using Tuner.Service.Storage;
using Tuner.Testing.Simulation;

namespace Tuner.EngineNode;

/// <summary>
/// Candidates of a simulated service. What is measured depends on the seed, the candidate and how often it was measured
/// before, not on the trial's number: a trial that was interrupted and runs again gives the same numbers.
/// </summary>
/// <param name="duration">How long a trial takes.</param>
/// <param name="children">Where each candidate, a real process that does nothing, leaves its id while it lives; null for none.</param>
public sealed class SimulatedRunners(ISweepStore store, TimeSpan duration, string? children, TimeProvider time) : ITrialRunners, ITrialRunner
{
    private static readonly ServiceSurface Surface = new() { InferenceSeconds = 0.02, FixedShare = 0.4, SerialShare = 0.2, Contention = 0.05 };

    public ITrialRunner For(Sweep sweep) => this;

    public Task<IReadOnlyList<string>> RemoveLeftoversAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);

    public async Task<TrialOutcome> RunAsync(Sweep sweep, Trial trial, ITrialObserver observer, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        using var child = children is null ? null : StartChild(children, trial);
        try
        {
            await observer.MeasuringAsync(cancellationToken);
            await Task.Delay(duration, time, cancellationToken);
            var before = (await store.TrialsAsync(new SweepId(trial.Id.Value[..trial.Id.Value.LastIndexOf('-')]), cancellationToken))
                .Count(earlier => earlier.Candidate.Equals(trial.Candidate) && earlier.State is TrialState.Measured);
            return new TrialOutcome(new TrialState.Measured(Measure(sweep, trial.Candidate, before + 1)), time.GetElapsedTime(start));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new TrialOutcome(new TrialState.Interrupted("stopped"), time.GetElapsedTime(start));
        }
        finally
        {
            if (child is not null)
            {
                child.Kill();
                await child.WaitForExitAsync(CancellationToken.None);
                File.Delete(FileOf(children!, trial));
            }
        }
    }

    /// <param name="turn">How often the candidate was measured before, and once more.</param>
    public static Measurement Measure(Sweep sweep, Candidate candidate, int turn) =>
        new SimulatedService { Surface = Surface, Noise = SimulatedSweep.TypicalNoise, Seed = sweep.Search.Seed }.Measure(candidate, sweep.Load, turn, TimeSpan.Zero, DateTimeOffset.UnixEpoch);

    private static string FileOf(string folder, Trial trial) => Path.Combine(folder, $"{trial.Id}-{Environment.ProcessId}");

    private static Process StartChild(string folder, Trial trial)
    {
        var child = Process.Start(new ProcessStartInfo("sleep", "600"))!;
        File.WriteAllText(FileOf(Directory.CreateDirectory(folder).FullName, trial), $"{child.Id}");
        return child;
    }
}
