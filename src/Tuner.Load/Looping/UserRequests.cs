using System.Collections.Immutable;
using Tuner.Core.Loads;
using Tuner.Load.Pacing;

namespace Tuner.Load.Looping;

/// <summary>
/// The closed model: so many users, each asking again as soon as it was answered. One that could not connect rests for
/// ten milliseconds, so that a dead server is not answered by a storm of connection attempts.
/// </summary>
internal sealed class UserRequests(ImmutableArray<PlannedPhase> phases, int shard, int shards, long limit) : IRequestSource
{
    private const long Rest = 10_000_000;
    private readonly Queue<long> resting = new();
    private int busy;
    private long recorded;
    private long stopAt = long.MaxValue;
    private long lookedAt;

    public bool Ended { get; private set; }

    public long Due { get; private set; }

    public long Request { get; private set; } = shard;

    public int Phase { get; private set; }

    public long? NextAt => (Ended, resting.TryPeek(out var wake)) switch
    {
        (true, _) => null,
        (_, true) => Math.Min(wake, NextPhaseAt),
        _ => NextPhaseAt,
    };

    private long NextPhaseAt => Math.Min(phases[Phase].End, stopAt);

    public bool IsDue(long now)
    {
        lookedAt = now;
        while (Phase < phases.Length - 1 && now >= phases[Phase].End)
        {
            Phase++;
        }

        while (resting.TryPeek(out var wake) && wake <= now)
        {
            resting.Dequeue();
        }

        Ended = Ended || now >= stopAt || recorded >= limit;
        Due = now;
        return !Ended && now >= 0 && busy + resting.Count < Share(((UsersPhase)phases[Phase].Phase).Users, shard, shards);
    }

    public void Take(long now)
    {
        busy++;
        recorded += phases[Phase].Recorded ? 1 : 0;
        Request += shards;
    }

    public void Done(long now, bool failedToConnect)
    {
        busy--;
        if (failedToConnect)
        {
            resting.Enqueue(Math.Max(now, lookedAt) + Rest);
        }
    }

    public void StopAt(long end) => stopAt = end;

    /// <summary>The part of a number that falls to one of several threads.</summary>
    public static int Share(long number, int shard, int shards) => (int)((number / shards) + (shard < number % shards ? 1 : 0));
}
