namespace Tuner.Load.Looping;

/// <summary>How the thread that watches a load ends it: with what it has, or at once.</summary>
internal sealed class LoopControl
{
    private long stopAt = long.MaxValue;
    private volatile bool cancelled;

    /// <summary>Nothing that is due after this is sent any more; nanoseconds from the start of the load.</summary>
    public long StopAt => Volatile.Read(ref stopAt);

    public bool Cancelled => cancelled;

    public void Stop(long at) => Interlocked.CompareExchange(ref stopAt, at, long.MaxValue);

    public void Cancel() => cancelled = true;
}
