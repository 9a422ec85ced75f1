namespace Tuner.Testing.Time;

/// <summary>The machine's time, whose clock reads what a test puts it to; what passes is real.</summary>
public sealed class JumpingTime(DateTimeOffset start) : TimeProvider
{
    private readonly long begun = System.GetTimestamp();
    private long jumped;

    public override DateTimeOffset GetUtcNow() => start + System.GetElapsedTime(begun) + TimeSpan.FromTicks(Interlocked.Read(ref jumped));

    /// <summary>Puts the clock forward or back.</summary>
    public void Jump(TimeSpan by) => Interlocked.Add(ref jumped, by.Ticks);
}
