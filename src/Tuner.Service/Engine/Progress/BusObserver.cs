using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Service.Engine.Progress;

/// <summary>Puts a running sweep's progress on the bus, and passes it on to another observer where there is one.</summary>
internal sealed class BusObserver(SweepId sweep, ProgressBus bus, ISweepObserver? other) : ISweepObserver
{
    public void TrialStarted(Trial trial, string why)
    {
        bus.Publish(new SweepEvent.TrialStarted(sweep, trial, why));
        other?.TrialStarted(trial, why);
    }

    public void TrialProgressed(Trial trial, TrialProgress progress)
    {
        bus.Publish(new SweepEvent.TrialProgressed(sweep, trial, progress));
        other?.TrialProgressed(trial, progress);
    }

    public void TrialEnded(Trial trial)
    {
        bus.Publish(new SweepEvent.TrialEnded(sweep, trial));
        other?.TrialEnded(trial);
    }

    public void Noted(string message)
    {
        bus.Publish(new SweepEvent.Noted(sweep, message));
        other?.Noted(message);
    }
}
