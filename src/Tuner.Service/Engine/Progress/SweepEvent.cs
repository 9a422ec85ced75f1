using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Storage;

namespace Tuner.Service.Engine.Progress;

/// <summary>Something that happened to a sweep on this node.</summary>
public abstract record SweepEvent
{
    private SweepEvent(SweepId sweep) => Sweep = sweep;

    public SweepId Sweep { get; }

    public sealed record StateChanged(SweepId Id, SweepState State, string Reason) : SweepEvent(Id);

    public sealed record TrialStarted(SweepId Id, Trial Trial, string Why) : SweepEvent(Id);

    /// <summary>A glimpse; where a reader is slow, glimpses are the first to be left out.</summary>
    public sealed record TrialProgressed(SweepId Id, Trial Trial, TrialProgress Progress) : SweepEvent(Id);

    public sealed record TrialEnded(SweepId Id, Trial Trial) : SweepEvent(Id);

    /// <summary>Something a person should know that belongs to no trial.</summary>
    public sealed record Noted(SweepId Id, string Message) : SweepEvent(Id);
}
