using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Service.Storage;

/// <summary>
/// Trials that have ended never change again: decoded once, and the same object for all who read it, since what is judged
/// of a measurement is kept with it. Beyond a limit those go whose sweeps were read longest ago.
/// </summary>
/// <param name="mostSeconds">So many measured seconds are kept, of about 600 bytes each; one sweep alone may have more.</param>
internal sealed class KnownTrials(long mostSeconds = 400_000)
{
    private readonly Lock gate = new();
    private readonly Dictionary<SweepId, OfSweep> sweeps = [];
    private long kept;
    private long turn;

    public Trial? Find(SweepId sweep, string trial)
    {
        lock (gate)
        {
            if (!sweeps.TryGetValue(sweep, out var known))
            {
                return null;
            }

            known.Turn = ++turn;
            return known.Trials.GetValueOrDefault(trial);
        }
    }

    /// <returns>The trial as whoever read it first has it; one that goes on is not kept.</returns>
    public Trial Keep(SweepId sweep, Trial trial)
    {
        if (!trial.HasEnded)
        {
            return trial;
        }

        var measurement = trial.State switch { TrialState.Measured state => state.Measurement, TrialState.Invalid state => state.Measurement, _ => null };
        measurement?.Pack();
        lock (gate)
        {
            var known = sweeps.TryGetValue(sweep, out var before) ? before : sweeps[sweep] = new OfSweep();
            known.Turn = ++turn;
            if (!known.Trials.TryAdd(trial.Id.Value, trial))
            {
                return known.Trials[trial.Id.Value];
            }

            var seconds = 1 + (measurement?.Phases.Sum(phase => phase.Seconds.Length) ?? 0);
            known.Seconds += seconds;
            kept += seconds;
            while (kept > mostSeconds && sweeps.Count > 1)
            {
                Remove(sweeps.MinBy(each => each.Value.Turn).Key);
            }

            return trial;
        }
    }

    public void Forget(SweepId sweep)
    {
        lock (gate)
        {
            Remove(sweep);
        }
    }

    private void Remove(SweepId sweep)
    {
        if (sweeps.Remove(sweep, out var known))
        {
            kept -= known.Seconds;
        }
    }

    private sealed class OfSweep
    {
        public Dictionary<string, Trial> Trials { get; } = new(StringComparer.Ordinal);

        public long Seconds { get; set; }

        public long Turn { get; set; }
    }
}
