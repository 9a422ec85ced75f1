using Tuner.Load.Pacing;

namespace Tuner.Load.Looping;

/// <summary>The open model: requests are due when the schedule says so, whatever the server does.</summary>
internal sealed class ScheduledRequests(SendSchedule schedule) : IRequestSource
{
    private long stopAt = long.MaxValue;

    public bool Ended => schedule.Ended || schedule.Due >= stopAt;

    public long Due => schedule.Due;

    public long Request => schedule.Request;

    public int Phase => Math.Min(schedule.Phase, schedule.LastPhase);

    public long? NextAt => Ended ? null : schedule.Due;

    public bool IsDue(long now) => !Ended && schedule.Due <= now;

    public void Take(long now) => schedule.MoveNext();

    public void Done(long now, bool failedToConnect)
    {
        // An open schedule does not wait for answers.
    }

    public void StopAt(long end) => stopAt = end;
}
