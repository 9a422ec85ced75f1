using System.Collections.Immutable;
using Tuner.Core.Loads;

namespace Tuner.Load.Pacing;

/// <summary>
/// The intended send times of an open model, one after the other: pure, endless in memory, the same for the same seed
/// whatever the number of threads (each takes every n-th request). Times are nanoseconds from the start of the load.
/// </summary>
internal sealed class SendSchedule
{
    private readonly ImmutableArray<PlannedPhase> phases;
    private readonly RateCurve?[] curves;
    private readonly Arrival arrival;
    private readonly ulong seed;
    private readonly int shard;
    private readonly int shards;
    private readonly long limit;
    private long inPhase;
    private long recorded;
    private double mass;

    public SendSchedule(ImmutableArray<PlannedPhase> phases, Arrival arrival, ulong seed, int shard = 0, int shards = 1, long limit = long.MaxValue)
    {
        this.phases = phases;
        this.arrival = arrival;
        this.seed = seed;
        this.shard = shard;
        this.shards = shards;
        this.limit = limit;
        curves = [.. phases.Select(phase => phase.Phase is RecordedPhase ? null : RateCurve.Of(phase.Phase))];
        MoveNext();
    }

    /// <summary>Nothing more is due.</summary>
    public bool Ended { get; private set; }

    /// <summary>When the current request is due.</summary>
    public long Due { get; private set; }

    /// <summary>The number of the current request over the whole load, from 0.</summary>
    public long Request { get; private set; } = -1;

    /// <summary>The planned phase that the current request belongs to.</summary>
    public int Phase { get; private set; }

    public int LastPhase => phases.Length - 1;

    public void MoveNext()
    {
        do
        {
            if (!Step())
            {
                Ended = true;
                return;
            }
        }
        while (Request % shards != shard);
    }

    private bool Step()
    {
        while (Phase < phases.Length)
        {
            if (NextInPhase() is { } offset)
            {
                Due = phases[Phase].Start + offset;
                Request++;
                return !phases[Phase].Recorded || ++recorded <= limit;
            }

            Phase++;
            inPhase = 0;
            mass = 0;
        }

        return false;
    }

    private long? NextInPhase()
    {
        if (curves[Phase] is not { } curve)
        {
            var recordedTimes = ((RecordedPhase)phases[Phase].Phase).Arrivals;
            return inPhase < recordedTimes.Length ? recordedTimes[(int)inPhase++].Ticks * 100 : null;
        }

        if (arrival is Arrival.Poisson)
        {
            // Poisson with a varying rate: unit gaps in the integral of the rate. Memoryless, so each phase starts afresh.
            mass += CounterRandom.Exponential(seed, Request + 1);
        }
        else
        {
            mass = inPhase++;
        }

        return curve.TimeAt(mass) is { } seconds ? (long)(seconds * 1e9) : null;
    }
}

/// <summary>A phase with its place in the load (nanoseconds from its start); the warm-up is one that is not recorded.</summary>
internal sealed record PlannedPhase(Phase Phase, long Start, bool Recorded)
{
    public long Length => Phase.Duration.Ticks * 100;

    public long End => Start + Length;
}
