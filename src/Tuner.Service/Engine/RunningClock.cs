namespace Tuner.Service.Engine;

/// <summary>Counts the time in which a sweep is being worked on; the time in which Tuner was stopped is not part of it.</summary>
public sealed class RunningClock(TimeSpan before, TimeProvider time)
{
    private readonly long start = time.GetTimestamp();
    private TimeSpan stored;

    public TimeSpan Running => before + time.GetElapsedTime(start);

    /// <summary>What has not been stored yet.</summary>
    public TimeSpan NotStored => time.GetElapsedTime(start) - stored;

    public void Stored(TimeSpan duration) => stored += duration;
}
