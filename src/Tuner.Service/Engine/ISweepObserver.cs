using Tuner.Core.Trials;

namespace Tuner.Service.Engine;

/// <summary>Hears of a sweep's progress. Called from any thread; must return quickly and never throw.</summary>
public interface ISweepObserver
{
    void TrialStarted(Trial trial, string why);

    void TrialProgressed(Trial trial, TrialProgress progress);

    void TrialEnded(Trial trial);

    /// <summary>Something a person should know that belongs to no trial.</summary>
    void Noted(string message);
}
