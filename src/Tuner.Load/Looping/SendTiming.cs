using Tuner.Load.Recording;

namespace Tuner.Load.Looping;

/// <summary>
/// When to wake for the next send: exactly, or at the next tick of a grid, so that several sends share one wake-up where
/// the target is slow enough not to notice. Times in nanoseconds from the start of the load.
/// </summary>
internal sealed class SendTiming(LoadPacing pacing, int shards)
{
    private const long CoarsestTick = 1_000_000;
    private const long Second = 1_000_000_000;

    // Of the median latency; a tick delays by half of itself on average, which leaves the lag at half a percent.
    private const double TickShare = 0.01;
    private long nextLook = long.MinValue;
    private long lastRequest;

    /// <summary>Width of the grid; 0 wakes for each send.</summary>
    public long Tick { get; private set; } = pacing is LoadPacing.Economical ? CoarsestTick : 0;

    /// <summary>When to wake for a request that is due then.</summary>
    public long WakeFor(long due) => Tick == 0 ? due : ((due / Tick) + 1) * Tick;

    /// <summary>Once a second: fits the grid to the latency that was just seen and to the density of the schedule.</summary>
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

        var tick = pacing is LoadPacing.Economical ? CoarsestTick : FinestFor(recorder.MedianBefore(source.Phase, now));

        // A grid that rarely catches two sends at once would delay them for nothing.
        Tick = tick * perSecond / Second > 1.5 ? tick : 0;
    }

    private static long FinestFor(double? median) => median is { } latency ? Math.Min(CoarsestTick, (long)(latency * TickShare)) : 0;
}
