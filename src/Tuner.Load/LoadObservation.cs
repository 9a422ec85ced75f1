using Tuner.Core.Measurements;
using Tuner.Load.Looping;
using Tuner.Load.Recording;

namespace Tuner.Load;

/// <summary>Looks at a load while it runs: shows its progress, and asks once a second whether it should end.</summary>
internal sealed class LoadObservation(LoadPlan plan, LoadRun run, TimeProvider time)
{
    private long lastAnswered;
    private long lastAt;
    private long lastSecond;

    /// <summary>Returns when the load has ended: the reason why it was ended early, or null.</summary>
    public async Task<string?> WatchUntilAsync(Task ended, TimeSpan lookEvery)
    {
        string? reason = null;
        while (!ended.IsCompleted)
        {
            await Task.WhenAny(ended, Task.Delay(lookEvery, time));
            var now = run.Elapsed;
            ShowProgress(now);
            if (reason is null && ShouldEnd(now) is { } found)
            {
                reason = found;
                run.Control.Stop(now);
            }
        }

        await ended;
        return reason;
    }

    private void ShowProgress(long now)
    {
        if (plan.Options.Progress is not { } progress)
        {
            return;
        }

        var totals = run.Recorders.Select(recorder => recorder.Totals).ToList();
        var (answered, failed) = (totals.Sum(total => total.Answered), totals.Sum(total => total.Failed));
        var phases = PhaseSeconds.Collect(plan, run.Recorders, now, onlyFull: false);
        var running = phases.LastOrDefault();
        var rate = now > lastAt ? (answered - lastAnswered) * 1e9 / (now - lastAt) : 0;
        (lastAnswered, lastAt) = (answered, now);
        progress(new LoadProgress(
            Math.Clamp((double)now / plan.End, 0, 1),
            running?.Name,
            rate,
            running?.Series(Measurement.LatencySeries).Quantile(0.99) ?? TimeSpan.Zero,
            answered + failed,
            failed));
    }

    private string? ShouldEnd(long now)
    {
        var second = now / 1_000_000_000;
        if (plan.Options.EndEarly is not { } decide || second == lastSecond || now >= plan.End)
        {
            return null;
        }

        lastSecond = second;
        var phases = PhaseSeconds.Collect(plan, run.Recorders, now, onlyFull: true);
        return phases.Any(phase => phase.Seconds.Length > 0) ? decide(phases) : null;
    }
}
