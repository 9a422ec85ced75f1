using System.Runtime.CompilerServices;
using Tuner.Core.Measurements;
using Tuner.Core.Slos;
using Tuner.Load.Pacing;
using Tuner.Load.Recording;

namespace Tuner.Load.Looping;

/// <summary>
/// The load generator's one loop, for every engine and for virtual time: takes what is due from its source, sends it,
/// records what comes back, and gives up what takes too long. Late sends count from their intended time.
/// </summary>
internal sealed class LoadLoop
{
    // How long the thread may sleep before it looks whether it was told to stop.
    private const long LongestWait = 50_000_000;

    // What is still under way when a load is ended early gets this long to come back; whoever ends one counts on it.
    private const long DrainAfterStop = EarlyEnd.WaitedForSeconds * 1_000_000_000L;
    private readonly LoadPlan plan;
    private readonly IWire wire;
    private readonly IRequestSource source;
    private readonly LoadRecorder recorder;
    private readonly LoopControl control;
    private readonly InFlight inFlight;
    private readonly SendTiming timing;
    private readonly BodyPicker bodies;
    private long origin;

    public LoadLoop(LoadPlan plan, IWire wire, IRequestSource source, LoadRecorder recorder, LoopControl control, int maxInFlight, int shards = 1)
    {
        this.plan = plan;
        this.wire = wire;
        this.source = source;
        this.recorder = recorder;
        this.control = control;
        Outcome = new LoopOutcome { Sent = new long[plan.Endpoints], Answered = new long[plan.Endpoints] };
        inFlight = new InFlight(maxInFlight);
        timing = new SendTiming(plan.Options.Pacing, shards);
        bodies = new BodyPicker(plan.Profile.Request.Bodies, plan.Options.Seed);
    }

    public LoopOutcome Outcome { get; }

    /// <summary>Runs the whole load; returns when everything is answered, given up, or ended by the control.</summary>
    public void Run(long origin)
    {
        this.origin = origin;
        var now = wire.Now - origin;
        while (!control.Cancelled)
        {
            source.StopAt(Math.Min(plan.End, control.StopAt));
            SendDue(ref now);
            GiveUpOverdue(now);
            if (IsOver(now))
            {
                break;
            }

            if (wire.Next(origin + NextWake(now), timing.Spin, out var completion))
            {
                Take(completion);
            }

            now = wire.Now - origin;
        }

        LeaveUnanswered(now);
        Outcome.EndedAt = now;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SendDue(ref long now)
    {
        timing.Look(recorder, source, now);
        while (source.IsDue(now))
        {
            if (inFlight.IsFull)
            {
                Outcome.ConnectionsExhausted = true;
                if (source.Due + plan.TimeoutNanoseconds > now)
                {
                    return;
                }

                recorder.NotSent(source.Phase, source.Due, now, ErrorKinds.NotSent);
                source.Take(now);
                continue;
            }

            var due = source.Due;
            var endpoint = (int)(source.Request % plan.Endpoints);
            var slot = inFlight.Add(due, source.Phase, endpoint, bodies.Pick(source.Request));
            recorder.Sent(source.Phase, due, now);
            Outcome.Sent[endpoint] += plan.Phases[source.Phase].Recorded ? 1 : 0;
            wire.Send(slot, inFlight[slot].Ticket, endpoint, inFlight[slot].Body);
            Outcome.PeakConnections = Math.Max(Outcome.PeakConnections, wire.OpenConnections);
            source.Take(now);
            now = wire.Now - origin;
        }
    }

    private void GiveUpOverdue(long now)
    {
        while (inFlight.Oldest is >= 0 and var slot && inFlight[slot].Due + plan.TimeoutNanoseconds <= now)
        {
            GiveUp(slot, now, ErrorKinds.Timeout);
        }
    }

    private void GiveUp(int slot, long now, string kind)
    {
        ref var request = ref inFlight[slot];
        wire.Abandon(slot, request.Ticket);
        recorder.Failed(request.Phase, request.Due, kind, waited: now - request.Due);
        inFlight.Remove(slot);
        source.Done(now, failedToConnect: false);
    }

    private bool IsOver(long now)
    {
        if (!source.Ended)
        {
            return false;
        }

        return inFlight.Count == 0 || (control.StopAt < plan.End && now > control.StopAt + DrainAfterStop);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private long NextWake(long now)
    {
        var wake = now + LongestWait;
        if (source.NextAt is { } due && !inFlight.IsFull)
        {
            wake = Math.Min(wake, timing.WakeFor(due));
        }

        return inFlight.Oldest is >= 0 and var slot ? Math.Min(wake, inFlight[slot].Due + plan.TimeoutNanoseconds) : wake;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Take(in Completion completion)
    {
        // An answer to a request that was given up meanwhile.
        if (!inFlight.Holds(completion.Slot, completion.Ticket))
        {
            return;
        }

        ref var request = ref inFlight[completion.Slot];
        var at = completion.At - origin;
        switch (completion.Kind)
        {
            case CompletionKind.Event:
                TakeEvent(ref request, at);
                return;
            case CompletionKind.Failed when completion.Unread && !request.Resent:
                request.Resent = true;
                Outcome.Resent++;
                wire.Send(completion.Slot, request.Ticket, request.Endpoint, request.Body, fresh: true);
                return;
            case CompletionKind.Failed:
                Outcome.Limit = completion.Limit is WireLimit.None ? Outcome.Limit : completion.Limit;
                recorder.Failed(request.Phase, request.Due, completion.ErrorKind);
                break;
            case CompletionKind.Response when plan.Profile.Request.IsExpected(completion.Status):
                recorder.Succeeded(request.Phase, request.Due, at);
                break;
            default:
                recorder.Failed(request.Phase, request.Due, ErrorKinds.Status(completion.Status));
                break;
        }

        Outcome.Answered[request.Endpoint] += completion.Kind is CompletionKind.Response && plan.Phases[request.Phase].Recorded ? 1 : 0;
        inFlight.Remove(completion.Slot);
        source.Done(at, completion.Error is WireError.Connect);
    }

    private void TakeEvent(ref InFlight.Slot request, long at)
    {
        var isFirst = request.LastEvent == 0;
        recorder.AddTo(isFirst ? SeriesNames.FirstEvent : SeriesNames.BetweenEvents, request.Phase, request.Due, at - (isFirst ? request.Due : request.LastEvent));
        request.LastEvent = Math.Max(1, at);
    }

    private void LeaveUnanswered(long now)
    {
        Outcome.InFlightAtEnd = inFlight.Count;
        while (inFlight.Oldest is >= 0 and var slot)
        {
            GiveUp(slot, now, ErrorKinds.Unanswered);
        }
    }
}

/// <summary>What a loop learnt about itself.</summary>
internal sealed class LoopOutcome
{
    public bool ConnectionsExhausted { get; set; }

    public WireLimit Limit { get; set; }

    public int PeakConnections { get; set; }

    public long InFlightAtEnd { get; set; }

    public long Resent { get; set; }

    /// <summary>Requests sent to each endpoint, without the warm-up's.</summary>
    public long[] Sent { get; init; } = [];

    /// <summary>Answers of any status from each endpoint, without the warm-up's.</summary>
    public long[] Answered { get; init; } = [];

    /// <summary>When the last answer was taken, in nanoseconds from the start of the load.</summary>
    public long EndedAt { get; set; }

    /// <summary>CPU time of the loop's thread; null where that is not known for it alone.</summary>
    public TimeSpan? Cpu { get; set; }

    /// <summary>What made the thread end before the load did.</summary>
    public Exception? Fault { get; set; }
}
