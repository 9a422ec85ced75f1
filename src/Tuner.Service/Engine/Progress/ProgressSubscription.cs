using System.Threading.Channels;
using Tuner.Core.Sweeps;

namespace Tuner.Service.Engine.Progress;

/// <summary>One listener's queue of events; bounded, the oldest give way.</summary>
public sealed class ProgressSubscription : IDisposable
{
    private const int Capacity = 256;

    private readonly SweepId? sweep;
    private readonly Action<ProgressSubscription> remove;
    private readonly Channel<SweepEvent> channel;
    private long missed;

    internal ProgressSubscription(SweepId? sweep, Action<ProgressSubscription> remove)
    {
        (this.sweep, this.remove) = (sweep, remove);
        channel = Channel.CreateBounded<SweepEvent>(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => Interlocked.Increment(ref missed));
    }

    /// <summary>Ends when the subscription is disposed.</summary>
    public ChannelReader<SweepEvent> Events => channel.Reader;

    /// <summary>How many events were dropped so far, because the reader was slow: it should read the stored state again.</summary>
    public long Missed => Interlocked.Read(ref missed);

    public void Dispose()
    {
        remove(this);
        channel.Writer.TryComplete();
    }

    internal void Offer(SweepEvent happened)
    {
        if (sweep is null || sweep == happened.Sweep)
        {
            channel.Writer.TryWrite(happened);
        }
    }
}
