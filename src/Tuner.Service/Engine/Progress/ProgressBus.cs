using System.Collections.Immutable;
using Tuner.Core.Sweeps;

namespace Tuner.Service.Engine.Progress;

/// <summary>
/// Passes events of sweeps on to whoever listens at the moment. Publishing never waits: a reader that falls behind
/// misses events, and is told how many.
/// </summary>
public sealed class ProgressBus
{
    private ImmutableArray<ProgressSubscription> subscriptions = [];

    /// <summary>Listens from now on, to one sweep or (null) to all of them, until disposed.</summary>
    public ProgressSubscription Subscribe(SweepId? sweep = null)
    {
        var subscription = new ProgressSubscription(sweep, Remove);
        ImmutableInterlocked.Update(ref subscriptions, list => list.Add(subscription));
        return subscription;
    }

    public void Publish(SweepEvent happened)
    {
        foreach (var subscription in subscriptions)
        {
            subscription.Offer(happened);
        }
    }

    private void Remove(ProgressSubscription subscription) => ImmutableInterlocked.Update(ref subscriptions, list => list.Remove(subscription));
}
