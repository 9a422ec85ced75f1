namespace Tuner.Testing.Simulation;

/// <summary>
/// Time that passes only when it is told to: a <see cref="TimeProvider"/> whose timers fire, in order, as
/// <see cref="Advance"/> passes them.
/// </summary>
public sealed class VirtualClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<VirtualTimer> timers = [];
    private DateTimeOffset now = start;

    public VirtualClock()
        : this(new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero))
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        var end = GetUtcNow() + by;
        while (NextDue(end) is { } due)
        {
            due();
        }

        lock (gate)
        {
            now = end > now ? end : now;
        }
    }

    private Action? NextDue(DateTimeOffset until)
    {
        lock (gate)
        {
            var timer = timers.Where(each => each.Due <= until).MinBy(each => each.Due);
            if (timer is null)
            {
                return null;
            }

            now = timer.Due!.Value > now ? timer.Due.Value : now;
            timer.Due = timer.Period > TimeSpan.Zero ? timer.Due + timer.Period : null;
            return timer.Callback;
        }
    }

    private sealed class VirtualTimer(VirtualClock clock, Action callback) : ITimer
    {
        public Action Callback { get; } = callback;

        public DateTimeOffset? Due { get; set; }

        public TimeSpan Period { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.gate)
            {
                Due = dueTime == Timeout.InfiniteTimeSpan ? null : clock.now + dueTime;
                Period = period == Timeout.InfiniteTimeSpan ? TimeSpan.Zero : period;
                if (!clock.timers.Contains(this))
                {
                    clock.timers.Add(this);
                }
            }

            return true;
        }

        public void Dispose()
        {
            lock (clock.gate)
            {
                clock.timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
