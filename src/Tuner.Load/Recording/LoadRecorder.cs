using System.Collections.Immutable;
using Tuner.Core.Measurements;
using Tuner.Load.Pacing;

namespace Tuner.Load.Recording;

/// <summary>
/// Counts what one thread of the generator sent, by phase and second of the intended send time. One thread writes;
/// another may take copies meanwhile, for which each call holds a lock that is hardly ever contended.
/// </summary>
internal sealed class LoadRecorder
{
    private readonly Lock gate = new();
    private readonly ImmutableArray<PlannedPhase> phases;
    private readonly SecondRecord?[][] seconds;
    private readonly long[] sentInTime;
    private readonly LatencyHistogram lag = new();
    private readonly bool scheduled;
    private long answered;
    private long failed;

    public LoadRecorder(ImmutableArray<PlannedPhase> phases)
    {
        scheduled = phases[0].Phase is not Core.Loads.UsersPhase;
        this.phases = phases;
        seconds = [.. phases.Select(phase => new SecondRecord?[phase.Recorded ? (int)Math.Ceiling(phase.Phase.Duration.TotalSeconds) : 0])];
        sentInTime = new long[phases.Length];
    }

    /// <summary>Answers and failures so far, the warm-up's included.</summary>
    public (long Answered, long Failed) Totals
    {
        get
        {
            lock (gate)
            {
                return (answered, failed);
            }
        }
    }

    /// <summary>A request came due and leaves now.</summary>
    public void Sent(int phase, long due, long now)
    {
        lock (gate)
        {
            if (SecondOf(phase, due) is { } second)
            {
                second.AddDue();
                if (scheduled)
                {
                    lag.RecordNanoseconds(now - due);
                }

                sentInTime[phase] += now <= phases[phase].End ? 1 : 0;
            }
        }
    }

    /// <summary>A request came due and never left.</summary>
    public void NotSent(int phase, long due, long now, string kind)
    {
        lock (gate)
        {
            failed++;
            if (SecondOf(phase, due) is { } second)
            {
                second.AddDue();
                second.AddFailure(kind);
                lag.RecordNanoseconds(now - due);
            }
        }
    }

    public void Succeeded(int phase, long due, long at)
    {
        lock (gate)
        {
            answered++;
            SecondOf(phase, due)?.AddSuccess(at - due);
        }
    }

    /// <summary>A request failed; where it was waited for in vain, the time waited stands in the latency series too.</summary>
    public void Failed(int phase, long due, string kind, long? waited = null)
    {
        lock (gate)
        {
            failed++;
            if (SecondOf(phase, due) is not { } second)
            {
                return;
            }

            second.AddFailure(kind);
            if (waited is { } nanoseconds)
            {
                second.AddTo(SeriesNames.Latency, nanoseconds);
            }
        }
    }

    public void AddTo(int series, int phase, long due, long nanoseconds)
    {
        lock (gate)
        {
            SecondOf(phase, due)?.AddTo(series, nanoseconds);
        }
    }

    /// <summary>The median latency of the last full second before a time; null where nothing was recorded.</summary>
    public double? MedianBefore(int phase, long now)
    {
        lock (gate)
        {
            var index = (int)Math.Min((now - phases[phase].Start) / 1_000_000_000, seconds[phase].Length) - 1;
            var histogram = index >= 0 ? seconds[phase][index]?.Series(SeriesNames.Latency) : null;
            return histogram is { Count: > 0 } ? histogram.QuantileNanoseconds(0.5) : null;
        }
    }

    /// <summary>The seconds of one phase, up to the given number, as data; a lock is held for one second at a time.</summary>
    public List<SecondMeasurement> Copy(int phase, int limit)
    {
        var copies = new List<SecondMeasurement>();
        for (var index = 0; index < Math.Min(limit, seconds[phase].Length); index++)
        {
            lock (gate)
            {
                if (seconds[phase][index] is { } second)
                {
                    copies.Add(second.Copy(index));
                }
            }
        }

        return copies;
    }

    public long SentInTime(int phase)
    {
        lock (gate)
        {
            return sentInTime[phase];
        }
    }

    public void AddLagTo(LatencyHistogram target)
    {
        lock (gate)
        {
            target.Add(lag);
        }
    }

    private SecondRecord? SecondOf(int phase, long due)
    {
        if (!phases[phase].Recorded)
        {
            return null;
        }

        var index = Math.Clamp((due - phases[phase].Start) / 1_000_000_000, 0, seconds[phase].Length - 1);
        return seconds[phase][index] ??= new SecondRecord();
    }
}
