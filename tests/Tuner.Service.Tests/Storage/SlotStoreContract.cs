using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Storage;
using Tuner.Testing.Time;

namespace Tuner.Service.Tests.Storage;

/// <summary>What slots promise, on each database.</summary>
public abstract class SlotStoreContract(StorePlace place) : StoreContract(place)
{
    private readonly ManualTime time = new();

    [StoreFact]
    public async Task One_trial_at_a_time_has_the_slot_of_a_pool()
    {
        var slots = new SlotStore(await OpenAsync(time));

        Assert.Equal(1, await slots.TakeAsync("gpu", Claim("a"), new TrialId("a-1"), default));
        Assert.Equal(1, await slots.TakeAsync("gpu", Claim("a"), new TrialId("a-1"), default));
        Assert.Null(await slots.TakeAsync("gpu", Claim("b"), new TrialId("b-1"), default));
        Assert.Equal(1, await slots.TakeAsync("other", Claim("b"), new TrialId("b-9"), default));

        await slots.ReleaseAsync("gpu", new TrialId("a-1"), "node", default);
        Assert.Equal(1, await slots.TakeAsync("gpu", Claim("b"), new TrialId("b-1"), default));
    }

    [StoreFact]
    public async Task Twenty_sweeps_share_four_slots_fairly()
    {
        var slots = new SlotStore(await OpenAsync(time));
        await slots.SetPoolAsync("gpu", 4, default);
        var turns = Enumerable.Range(0, 20).ToDictionary(sweep => $"s{sweep}", _ => 0, StringComparer.Ordinal);
        var running = new Queue<(string Sweep, TrialId Trial)>();

        // Sweeps ask in an order that favours some; a trial ends, and the next one has its turn.
        for (var round = 0; round < 100; round++)
        {
            foreach (var sweep in turns.Keys.Where(sweep => !running.Any(each => each.Sweep == sweep)).ToList())
            {
                var trial = new TrialId($"{sweep}-{turns[sweep]}");
                if (await slots.TakeAsync("gpu", Claim(sweep), trial, default) is not null)
                {
                    turns[sweep]++;
                    running.Enqueue((sweep, trial));
                }
            }

            Assert.InRange(running.Count, 0, 4);
            time.Advance(TimeSpan.FromSeconds(1));
            await slots.ReleaseAsync("gpu", running.Dequeue().Trial, "node", default);
        }

        Assert.InRange(turns.Values.Max() - turns.Values.Min(), 0, 1);
    }

    [StoreFact]
    public async Task Who_does_not_ask_again_loses_its_place()
    {
        var slots = new SlotStore(await OpenAsync(time));
        await slots.TakeAsync("gpu", Claim("a"), new TrialId("a-1"), default);
        Assert.Null(await slots.TakeAsync("gpu", Claim("gone"), new TrialId("gone-1"), default));
        time.Advance(TimeSpan.FromSeconds(11));
        await slots.ReleaseAsync("gpu", new TrialId("a-1"), "node", default);

        Assert.Equal(1, await slots.TakeAsync("gpu", Claim("b"), new TrialId("b-1"), default));
    }

    [StoreFact]
    public async Task A_clock_that_is_put_back_gives_nobody_all_turns_and_keeps_no_place_of_who_is_gone()
    {
        var slots = new SlotStore(await OpenAsync(time));
        var turns = new List<string>();
        foreach (var first in new[] { "a", "b" })
        {
            Assert.Equal(1, await slots.TakeAsync("gpu", Claim(first), new TrialId($"{first}-0"), default));
            time.Advance(TimeSpan.FromSeconds(1));
            Assert.Null(await slots.TakeAsync("gpu", Claim("gone"), new TrialId($"gone-{first}"), default));
            time.Advance(TimeSpan.FromSeconds(first == "a" ? 11 : 1));
            await slots.ReleaseAsync("gpu", new TrialId($"{first}-0"), "node", default);
        }

        // One that is gone still waits for the slot when the clock is put back.
        time.Jump(TimeSpan.FromHours(-1));

        for (var round = 0; round < 6; round++)
        {
            // Both wait while one has the slot, so that whose turn it is decides.
            foreach (var sweep in new[] { "a", "b", "a", "b" })
            {
                if (await slots.TakeAsync("gpu", Claim(sweep), Trial(sweep, 1), default) is not null)
                {
                    turns.Add(sweep);
                }
            }

            time.Advance(TimeSpan.FromSeconds(1));
            await slots.ReleaseAsync("gpu", Trial(turns[^1], 0), "node", default);
        }

        TrialId Trial(string sweep, int ahead) => new($"{sweep}-{turns.Count(turn => turn == sweep) + ahead}");

        Assert.Equal(6, turns.Count);
        Assert.Equal(3, turns.Count(turn => turn == "a"));
    }

    [StoreFact]
    public async Task A_slot_is_held_until_the_node_or_an_operator_gives_it_back()
    {
        var slots = new SlotStore(await OpenAsync(time));
        await slots.TakeAsync("gpu", Claim("a"), new TrialId("a-1"), default);

        var held = Assert.Single(await slots.HeldAsync(default));
        Assert.Equal(("gpu", 1, "a-1", true), (held.Pool, held.Slot, held.Trial.Value, held.Unreachable));
        Assert.False(await slots.FreeAsync("gpu", 2, default));
        Assert.True(await slots.FreeAsync("gpu", 1, default));
        await slots.TakeAsync("gpu", Claim("a"), new TrialId("a-2"), default);
        Assert.Equal(1, await slots.ReleaseNodeAsync("node", default));
        Assert.Empty(await slots.HeldAsync(default));
    }

    private static SweepClaim Claim(string sweep) => new(new SweepId(sweep), "node", 1);
}

public sealed class SqliteSlotStoreTests() : SlotStoreContract(new SqlitePlace());

[NeedsPostgres]
public sealed class PostgresSlotStoreTests() : SlotStoreContract(new PostgresPlace());
