using Tuner.Core.Planning;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Storage;
using Tuner.Testing.Time;

namespace Tuner.Service.Tests.Storage;

/// <summary>What claims and their leases promise, on each database: one node has a sweep, and nothing is written under an old claim.</summary>
public abstract class ClaimStoreContract(StorePlace place) : StoreContract(place)
{
    private static readonly SweepId One = new("one");
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly ManualTime time = new();

    [StoreFact]
    public async Task A_claim_is_held_by_one_node_until_its_lease_runs_out()
    {
        var (sweeps, claims) = Both(await StoresAsync());
        await Stored.AddAsync(sweeps, Stored.ASweep("one"));

        var first = await claims.ClaimNextAsync("a", Lease, [], default);
        Assert.Equal(new SweepClaim(One, "a", 1), first);
        Assert.Null(await claims.ClaimNextAsync("b", Lease, [], default));
        time.Advance(TimeSpan.FromSeconds(20));
        Assert.NotNull(await RenewAsync(claims, first!, TimeSpan.FromSeconds(2)));
        time.Advance(TimeSpan.FromSeconds(20));
        Assert.Null(await claims.ClaimAsync(One, "b", Lease, default));

        time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(new SweepClaim(One, "b", 2, "a"), await claims.ClaimAsync(One, "b", Lease, default));
        Assert.Null(await RenewAsync(claims, first!));
        Assert.Equal(TimeSpan.FromSeconds(2), (await sweeps.FindSweepAsync(One, default))!.Running);
        Assert.Equal("b", Assert.Single(await claims.HoldersAsync(default)));
    }

    [StoreFact]
    public async Task Claims_that_are_renewed_together_are_answered_one_by_one()
    {
        var (sweeps, claims) = Both(await StoresAsync());
        await Stored.AddAsync(sweeps, Stored.ASweep("lost"), Stored.ASweep("one"), Stored.ASweep("two"));
        var two = (await claims.ClaimAsync(new SweepId("two"), "a", Lease, default))!;
        var lost = (await claims.ClaimAsync(new SweepId("lost"), "a", Lease, default))!;
        var one = (await claims.ClaimAsync(One, "a", Lease, default))!;
        await sweeps.EndWorkAsync(lost, SweepState.Queued, "given back", null, default);
        await sweeps.RequestAsync(One, SweepRequest.Pause, "hold it", default);

        var answers = await claims.RenewAsync(
            [new LeaseRenewal(two, TimeSpan.FromSeconds(2)), new LeaseRenewal(lost, TimeSpan.FromSeconds(3)), new LeaseRenewal(one, TimeSpan.FromSeconds(1))], Lease, default);

        Assert.Collection(
            answers,
            answer => Assert.Equal(new LeaseAnswer(null, null), answer),
            Assert.Null,
            answer => Assert.Equal(new LeaseAnswer(SweepRequest.Pause, "hold it"), answer));
        Assert.Equal(TimeSpan.FromSeconds(2), (await sweeps.FindSweepAsync(two.Id, default))!.Running);
        Assert.Equal(TimeSpan.Zero, (await sweeps.FindSweepAsync(lost.Id, default))!.Running);
    }

    [StoreFact]
    public async Task The_reason_of_a_claim_says_what_became_of_the_node_before()
    {
        var (sweeps, claims) = Both(await StoresAsync());
        await Stored.AddAsync(sweeps, Stored.ASweep("one"));
        var first = (await claims.ClaimAsync(One, "host/boot-1/10-99", Lease, default))!;
        await claims.EndLeasesAsync(first.Node, default);
        await RenewAsync(claims, (await claims.ClaimAsync(One, "other/boot-2/20-99", Lease, default))!);
        time.Advance(Lease * 2);
        await claims.ClaimAsync(One, "third/boot-3/30-99", Lease, default);
        time.Advance(Lease * 2);
        await claims.ClaimAsync(One, "third/boot-3/30-99", Lease, default);

        Assert.Collection(
            (await sweeps.SweepHistoryAsync(One, default)).Select(change => change.Reason).Skip(1),
            reason => Assert.Equal("taken up by host (process 10)", reason),
            reason => Assert.Equal("taken over by other (process 20): host (process 10) was killed or broke down while it worked on it", reason),
            reason => Assert.StartsWith("taken over by third (process 30): other (process 20) has not been heard of since 20", reason, StringComparison.Ordinal),
            reason => Assert.Equal("taken up again by third (process 30), which could not reach the database in time to keep it", reason));
    }

    [StoreFact]
    public async Task A_clock_that_jumps_takes_no_claim_from_a_node_that_lives()
    {
        var stores = await StoresAsync();
        await Stored.AddAsync(stores.Sweeps, Stored.ASweep("one"));
        var claim = (await stores.Claims.ClaimAsync(One, "a", Lease, default))!;
        foreach (var jump in new[] { TimeSpan.FromHours(1), TimeSpan.FromDays(-2), TimeSpan.FromDays(1) })
        {
            // Before it is renewed, and after.
            time.Jump(jump);
            Assert.Null(await stores.Claims.ClaimNextAsync("b", Lease, [], default));
            time.Advance(Lease / 2);
            Assert.NotNull(await RenewAsync(stores.Claims, claim));
            Assert.Null(await stores.Claims.ClaimNextAsync("b", Lease, [], default));
        }
    }

    [StoreFact]
    public async Task What_a_dead_node_had_is_taken_over_after_one_lease_also_where_the_clock_was_put_back()
    {
        var stores = await StoresAsync();
        await Stored.AddAsync(stores.Sweeps, Stored.ASweep("one"));
        await stores.Claims.ClaimAsync(One, "dead", Lease, default);
        Assert.Null(await stores.Claims.ClaimNextAsync("b", Lease, [], default));

        time.Jump(TimeSpan.FromHours(-1));
        time.Advance(Lease);
        Assert.Null(await stores.Claims.ClaimNextAsync("b", Lease, [], default));
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(new SweepClaim(One, "b", 2, "dead"), await stores.Claims.ClaimNextAsync("b", Lease, [], default));
    }

    [StoreFact]
    public async Task Whoever_looks_once_takes_what_was_held_before_the_clock_was_put_back()
    {
        var stores = await StoresAsync();
        await Stored.AddAsync(stores.Sweeps, Stored.ASweep("one"));
        await stores.Claims.ClaimAsync(One, "dead", Lease, default);

        time.Jump(TimeSpan.FromHours(-1));

        Assert.Equal(new SweepClaim(One, "b", 2, "dead"), await stores.Claims.ClaimAsync(One, "b", Lease, default));
    }

    [StoreFact]
    public async Task What_was_begun_is_claimed_before_what_waits()
    {
        var (sweeps, claims) = Both(await StoresAsync());
        await Stored.AddAsync(sweeps, Stored.ASweep("old"), Stored.ASweep("middle") with { CreatedAt = Stored.Noon.AddMinutes(1) }, Stored.ASweep("new") with { CreatedAt = Stored.Noon.AddMinutes(2) });
        await claims.ClaimAsync(new SweepId("new"), "dead", Lease, default);

        Assert.Equal(1, await claims.EndLeasesAsync("dead", default));

        Assert.Equal("new", (await claims.ClaimNextAsync("a", Lease, [], default))!.Id.Value);
        Assert.Equal("old", (await claims.ClaimNextAsync("a", Lease, [], default))!.Id.Value);
    }

    [StoreFact]
    public async Task Everything_under_an_old_claim_is_refused()
    {
        var (sweeps, claims) = Both(await StoresAsync());
        await Stored.AddAsync(sweeps, Stored.ASweep("one"));
        var old = (await claims.ClaimAsync(One, "a", Lease, default))!;
        await sweeps.AddTrialAsync(old, Stored.ATrial(1), "first", default);
        await claims.EndLeasesAsync("a", default);
        var now = (await claims.ClaimAsync(One, "b", Lease, default))!;

        Assert.False(await sweeps.AddTrialAsync(old, Stored.ATrial(2), "second", default));
        Assert.False(await sweeps.ChangeTrialAsync(old, Stored.ATrial(1), Stored.ATrial(1) with { State = new TrialState.Deploying() }, "go", default));
        Assert.False(await sweeps.EndWorkAsync(old, SweepState.Finished, "done", null, default));
        Assert.Null(await RenewAsync(claims, old));

        Assert.Equal(Stored.ATrial(1), Assert.Single(await sweeps.TrialsAsync(One, default)));
        Assert.True(await sweeps.ChangeTrialAsync(now, Stored.ATrial(1), Stored.ATrial(1) with { State = new TrialState.Deploying() }, "go", default));
    }

    [StoreFact]
    public async Task Ends_the_work_on_a_sweep_once()
    {
        var (sweeps, claims) = Both(await StoresAsync());
        await Stored.AddAsync(sweeps, Stored.ASweep("one"));
        var claim = (await claims.ClaimAsync(One, "a", Lease, default))!;
        var stop = new StopReason(StopKind.TimeBudget, "The time is over.");

        Assert.True(await sweeps.EndWorkAsync(claim, SweepState.Finished, stop.Text, stop, default));
        Assert.False(await sweeps.EndWorkAsync(claim, SweepState.Cancelled, stop.Text, stop, default));

        var ended = await sweeps.FindSweepAsync(One, default);
        Assert.Equal((SweepState.Finished, stop, null), (ended!.State, ended.Stop, ended.Node));
        Assert.Null(await claims.ClaimNextAsync("b", Lease, [], default));
    }

    [StoreFact]
    public async Task A_request_reaches_whoever_runs_the_sweep_and_goes_with_the_end_of_the_work()
    {
        var (sweeps, claims) = Both(await StoresAsync());
        await Stored.AddAsync(sweeps, Stored.ASweep("one"));
        Assert.False(await sweeps.RequestAsync(One, SweepRequest.Pause, "too early", default));
        var claim = (await claims.ClaimAsync(One, "a", Lease, default))!;

        Assert.True(await sweeps.RequestAsync(One, SweepRequest.Pause, "hold it", default));
        Assert.Equal(new LeaseAnswer(SweepRequest.Pause, "hold it"), await RenewAsync(claims, claim));
        Assert.True(await sweeps.RequestAsync(One, SweepRequest.Cancel, "end it", default));
        Assert.False(await sweeps.RequestAsync(One, null, "go on", default));
        Assert.Equal(SweepRequest.Cancel, (await sweeps.FindSweepAsync(One, default))!.Request);

        await sweeps.EndWorkAsync(claim, SweepState.Queued, "stopped", null, default);
        Assert.Null((await sweeps.FindSweepAsync(One, default))!.Request);
    }

    [StoreFact]
    public async Task Lets_one_of_many_nodes_have_a_sweep()
    {
        var (sweeps, claims) = Both(await StoresAsync());
        await Stored.AddAsync(sweeps, [.. Enumerable.Range(0, 6).Select(index => Stored.ASweep($"s{index}"))]);

        var won = await Task.WhenAll(Enumerable.Range(0, 8).Select(index => Task.Run(() => claims.ClaimNextAsync($"node{index}", Lease, [], default))));

        var ids = won.Where(claim => claim is not null).Select(claim => claim!.Id).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.NotEmpty(ids);
    }

    private static async Task<LeaseAnswer?> RenewAsync(IClaimStore claims, SweepClaim claim, TimeSpan ranFor = default) =>
        Assert.Single(await claims.RenewAsync([new LeaseRenewal(claim, ranFor)], Lease, default));

    private static (ISweepStore Sweeps, IClaimStore Claims) Both(SweepStores stores) => (stores.Sweeps, stores.Claims);

    private async Task<SweepStores> StoresAsync() => new(await OpenAsync(time));
}

public sealed class SqliteClaimStoreTests() : ClaimStoreContract(new SqlitePlace());

[NeedsPostgres]
public sealed class PostgresClaimStoreTests() : ClaimStoreContract(new PostgresPlace());
