using Tuner.Service.Storage;

namespace Tuner.Service.Engine;

/// <summary>Counts the time in which a sweep is being worked on; the time in which Tuner was stopped is not part of it.</summary>
internal sealed class RunningClock(ISweepStore store, StoredSweep sweep, TimeProvider time)
{
    private readonly long start = time.GetTimestamp();
    private TimeSpan storedHere;

    public TimeSpan Running => sweep.Running + time.GetElapsedTime(start);

    public async Task StoreAsync(CancellationToken cancellationToken)
    {
        var elapsed = time.GetElapsedTime(start);
        await store.AddRunningTimeAsync(sweep.Id, elapsed - storedHere, time.GetUtcNow(), cancellationToken);
        storedHere = elapsed;
    }
}
