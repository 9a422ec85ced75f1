using System.Runtime;

namespace Tuner.Load.Looping;

/// <summary>
/// Holds garbage collections back while a load runs. The sending loop allocates nothing, but the thread that shows progress
/// does, and a collection stops every thread until the collecting one has had its turn on the processor: on a busy machine
/// that made requests leave tens of milliseconds late. Best effort: past the budget, collections go on as usual.
/// </summary>
internal sealed class QuietHeap : IDisposable
{
    private const long Budget = 128 * 1024 * 1024;
    private readonly bool begun;

    private QuietHeap(bool begun) => this.begun = begun;

    public static QuietHeap Begin()
    {
        try
        {
            return new QuietHeap(GCSettings.LatencyMode is not GCLatencyMode.NoGCRegion && GC.TryStartNoGCRegion(Budget));
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentOutOfRangeException)
        {
            // Another load of this process holds the region, or the heap is configured smaller than the budget.
            return new QuietHeap(begun: false);
        }
    }

    public void Dispose()
    {
        if (!begun || GCSettings.LatencyMode is not GCLatencyMode.NoGCRegion)
        {
            return;
        }

        try
        {
            GC.EndNoGCRegion();
        }
        catch (InvalidOperationException)
        {
            // The budget was used up in the meantime, which ends the region.
        }
    }
}
