using Tuner.Load.Recording;

namespace Tuner.Load.Looping;

/// <summary>
/// When to wake for the next send: exactly, or at the next tick of a grid, so that several sends share one wake-up where
/// the target is slow enough not to notice; and whether to sleep until then or to spin for the last stretch, where the
/// target is so fast that a sleeping thread's wake-up would show. Times in nanoseconds from the start of the load.
/// </summary>
internal sealed class SendTiming(LoadPacing pacing, int shards)
{
    private const long CoarsestTick = 1_000_000;
    private const long Second = 1_000_000_000;

    // A sleeping thread wakes 30 to 90 µs late on virtual machines (cyclictest's median).
    private const long SpinLength = 60_000;

    // Half of the lag's share goes to the grid; the other half must be room enough for a wake-up.
    private const long RoomToSleep = 200_000;

    // What spinning may take of the thread's time: one that never sleeps starves its neighbours, and is held back for it.
    private const double MostSpinning = 0.8;

    // Of the median latency; a tick delays by half of itself on average, which leaves the lag at half a percent.
    private const double LagShare = 0.01;
    private long nextLook = long.MinValue;
    private long lastRequest;

    /// <summary>Width of the grid; 0 wakes for each send.</summary>
    public long Tick { get; private set; } = pacing is LoadPacing.Economical ? CoarsestTick : 0;

    /// <summary>How long before a send the thread spins; 0 sleeps until it is due.</summary>
    public long Spin { get; private set; } = pacing is LoadPacing.Precise ? SpinLength : 0;

    /// <summary>When to wake for a request that is due then.</summary>
    public long WakeFor(long due) => Tick == 0 ? due : ((due / Tick) + 1) * Tick;

    /// <summary>Once a second: fits grid and spinning to the latency that was just seen and to the density of the schedule.</summary>
    public void Look(LoadRecorder recorder, IRequestSource source, long now)
    {
        if (pacing is LoadPacing.Precise || now < nextLook)
        {
            return;
        }

        var perSecond = (double)(source.Request - lastRequest) / shards;
        var isFirst = nextLook == long.MinValue;
        nextLook = now + Second;
        lastRequest = source.Request;
        if (isFirst)
        {
            return;
        }

        if (pacing is LoadPacing.Economical)
        {
            Tick = Shared(CoarsestTick, perSecond);
            return;
        }

        if (recorder.MedianBefore(source.Phase, now) is { } latency)
        {
            var lag = (long)(latency * LagShare);
            Tick = Shared(Math.Min(CoarsestTick, lag), perSecond);
            Spin = lag < RoomToSleep && perSecond * SpinLength / Second <= MostSpinning ? SpinLength : 0;
        }
    }

    /// <summary>A grid that rarely catches two sends at once would delay them for nothing.</summary>
    private static long Shared(long tick, double perSecond) => tick * perSecond / Second > 1.5 ? tick : 0;
}
