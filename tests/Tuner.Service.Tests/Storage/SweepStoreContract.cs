using System.Collections.Immutable;
using Tuner.Core.Planning;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Storage;
using Tuner.Testing.Time;

namespace Tuner.Service.Tests.Storage;

/// <summary>What every store of sweeps must do; one small class derives from it for each database.</summary>
public abstract class SweepStoreContract
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly SweepId One = new("one");
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly ManualTime time = new();

    protected abstract Task<Database> OpenAsync(TimeProvider time);

    [StoreFact]
    public async Task Returns_a_sweep_as_it_was_added()
    {
        var store = (await StoresAsync()).Sweeps;
        Assert.True(await store.AddSweepAsync(ASweep("one") with { IdempotencyKey = "key" }, "submission", default));

        Assert.Equal(ASweep("one") with { IdempotencyKey = "key" }, await store.FindSweepAsync(One, default));
        Assert.Equal("submission", await store.SubmissionAsync(One, default));
        Assert.Null(await store.FindSweepAsync(new SweepId("two"), default));
        Assert.Null(await store.SubmissionAsync(new SweepId("two"), default));
    }

    [StoreFact]
    public async Task Finds_the_newest_sweep_of_a_fingerprint()
    {
        var store = (await StoresAsync()).Sweeps;
        await AddAsync(store, ASweep("old"), ASweep("new") with { CreatedAt = Noon.AddHours(1) }, ASweep("other") with { Fingerprint = "ff", CreatedAt = Noon.AddHours(2) });

        Assert.Equal("new", (await store.FindByFingerprintAsync("aa", default))?.Id.Value);
        Assert.Null(await store.FindByFingerprintAsync("bb", default));
    }

    [StoreFact]
    public async Task Takes_an_id_and_an_idempotency_key_once()
    {
        var store = (await StoresAsync()).Sweeps;
        await AddAsync(store, ASweep("one") with { IdempotencyKey = "key" });

        Assert.False(await store.AddSweepAsync(ASweep("one"), "", default));
        Assert.False(await store.AddSweepAsync(ASweep("two") with { IdempotencyKey = "key" }, "", default));
        Assert.True(await store.AddSweepAsync(ASweep("three") with { IdempotencyKey = "key", Project = "other" }, "", default));
        Assert.True(await store.AddSweepAsync(ASweep("four"), "", default));

        Assert.Equal(One, (await store.FindByIdempotencyKeyAsync(StoredSweep.DefaultProject, "key", default))!.Id);
        Assert.Null(await store.FindByIdempotencyKeyAsync(StoredSweep.DefaultProject, "none", default));
    }

    [StoreFact]
    public async Task Lists_newest_first_in_pages_that_stay_put_while_sweeps_are_added()
    {
        var store = (await StoresAsync()).Sweeps;
        await AddAsync(store, [.. Enumerable.Range(0, 7).Select(index => ASweep($"s{index}") with { CreatedAt = Noon.AddMinutes(index / 2) })]);

        var first = await store.ListSweepsAsync(new SweepQuery { Limit = 3 }, default);
        await AddAsync(store, ASweep("later") with { CreatedAt = Noon.AddHours(1) });
        var second = await store.ListSweepsAsync(new SweepQuery { Limit = 3, After = SweepCursor.Parse(first.Next!.ToString()) }, default);
        var third = await store.ListSweepsAsync(new SweepQuery { Limit = 3, After = second.Next }, default);

        Assert.Equal(["s6", "s5", "s4"], Ids(first));
        Assert.Equal(["s3", "s2", "s1"], Ids(second));
        Assert.Equal(["s0"], Ids(third));
        Assert.Null(third.Next);
    }

    [StoreFact]
    public async Task Filters_by_project_state_name_and_labels()
    {
        var store = (await StoresAsync()).Sweeps;
        var labels = ImmutableSortedDictionary<string, string>.Empty.Add("team", "vision").Add("env", "prod");
        await AddAsync(
            store,
            ASweep("a") with { Labels = labels },
            ASweep("b") with { Project = "p2", Labels = labels.SetItem("env", "test") },
            ASweep("c") with { Project = "p3", Name = "checkout" });
        await store.ChangeSweepAsync(new SweepId("b"), SweepState.Queued, SweepState.Paused, "held", default);

        async Task<IEnumerable<string>> Find(SweepQuery query) => Ids(await store.ListSweepsAsync(query, default)).Order(StringComparer.Ordinal);
        Assert.Equal(["a", "b"], await Find(new SweepQuery { Labels = ImmutableSortedDictionary<string, string>.Empty.Add("team", "vision") }));
        Assert.Equal(["a"], await Find(new SweepQuery { Labels = labels }));
        Assert.Equal(["b", "c"], await Find(new SweepQuery { Projects = ["p2", "p3"] }));
        Assert.Equal(["b"], await Find(new SweepQuery { States = [SweepState.Paused, SweepState.Failed] }));
        Assert.Equal(["c"], await Find(new SweepQuery { Name = "checkout" }));
        Assert.Equal(labels, (await store.FindSweepAsync(new SweepId("a"), default))!.Labels);
    }

    [StoreFact]
    public async Task Changes_a_sweep_only_from_the_state_that_was_read_and_keeps_the_reasons()
    {
        var store = (await StoresAsync()).Sweeps;
        await AddAsync(store, ASweep("one"));

        Assert.True(await store.ChangeSweepAsync(One, SweepState.Queued, SweepState.Paused, "held", default));
        Assert.False(await store.ChangeSweepAsync(One, SweepState.Queued, SweepState.Paused, "held again", default));
        Assert.True(await store.ChangeSweepAsync(One, SweepState.Paused, SweepState.Cancelled, "not wanted", default));

        Assert.Equal(
            [("", "Queued", "submitted"), ("Queued", "Paused", "held"), ("Paused", "Cancelled", "not wanted")],
            (await store.SweepHistoryAsync(One, default)).Select(change => (change.From, change.To, change.Reason)));
        Assert.Equal(new StopReason(StopKind.Cancelled, "not wanted"), (await store.FindSweepAsync(One, default))!.Stop);
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.ChangeSweepAsync(One, SweepState.Cancelled, SweepState.Queued, "back", default));
    }

    [StoreFact]
    public async Task A_claim_is_held_by_one_node_until_its_lease_runs_out()
    {
        var (sweeps, claims) = Both(await StoresAsync());
        await AddAsync(sweeps, ASweep("one"));

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
        await AddAsync(sweeps, ASweep("lost"), ASweep("one"), ASweep("two"));
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
    public async Task A_clock_that_jumps_takes_no_claim_from_whoever_renews_it()
    {
        var stores = await StoresAsync();
        await AddAsync(stores.Sweeps, ASweep("one"));
        var claim = (await stores.Claims.ClaimAsync(One, "a", Lease, default))!;
        foreach (var jump in new[] { TimeSpan.FromDays(1), TimeSpan.FromDays(-2), TimeSpan.FromDays(1) })
        {
            time.Advance(jump);
            Assert.NotNull(await RenewAsync(stores.Claims, claim));
            Assert.Null(await stores.Claims.ClaimNextAsync("b", Lease, [], default));
        }
    }

    [StoreFact]
    public async Task What_was_begun_is_claimed_before_what_waits()
    {
        var (sweeps, claims) = Both(await StoresAsync());
        await AddAsync(sweeps, ASweep("old"), ASweep("middle") with { CreatedAt = Noon.AddMinutes(1) }, ASweep("new") with { CreatedAt = Noon.AddMinutes(2) });
        await claims.ClaimAsync(new SweepId("new"), "dead", Lease, default);

        Assert.Equal(1, await claims.EndLeasesAsync("dead", default));

        Assert.Equal("new", (await claims.ClaimNextAsync("a", Lease, [], default))!.Id.Value);
        Assert.Equal("old", (await claims.ClaimNextAsync("a", Lease, [], default))!.Id.Value);
    }

    [StoreFact]
    public async Task Everything_under_an_old_claim_is_refused()
    {
        var (sweeps, claims) = Both(await StoresAsync());
        await AddAsync(sweeps, ASweep("one"));
        var old = (await claims.ClaimAsync(One, "a", Lease, default))!;
        await sweeps.AddTrialAsync(old, ATrial(1), "first", default);
        await claims.EndLeasesAsync("a", default);
        var now = (await claims.ClaimAsync(One, "b", Lease, default))!;

        Assert.False(await sweeps.AddTrialAsync(old, ATrial(2), "second", default));
        Assert.False(await sweeps.ChangeTrialAsync(old, ATrial(1), ATrial(1) with { State = new TrialState.Deploying() }, "go", default));
        Assert.False(await sweeps.EndWorkAsync(old, SweepState.Finished, "done", null, default));
        Assert.Null(await RenewAsync(claims, old));

        Assert.Equal(ATrial(1), Assert.Single(await sweeps.TrialsAsync(One, default)));
        Assert.True(await sweeps.ChangeTrialAsync(now, ATrial(1), ATrial(1) with { State = new TrialState.Deploying() }, "go", default));
    }

    [StoreFact]
    public async Task Ends_the_work_on_a_sweep_once()
    {
        var (sweeps, claims) = Both(await StoresAsync());
        await AddAsync(sweeps, ASweep("one"));
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
        await AddAsync(sweeps, ASweep("one"));
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
    public async Task Deletes_a_sweep_with_its_trials_but_not_one_that_runs()
    {
        var (sweeps, claims) = Both(await StoresAsync());
        await AddAsync(sweeps, ASweep("one") with { Labels = ImmutableSortedDictionary<string, string>.Empty.Add("a", "b") });
        var claim = (await claims.ClaimAsync(One, "a", Lease, default))!;
        await sweeps.AddTrialAsync(claim, ATrial(1), "first", default);

        Assert.False(await sweeps.DeleteSweepAsync(One, default));
        await sweeps.EndWorkAsync(claim, SweepState.Paused, "held", null, default);
        Assert.True(await sweeps.DeleteSweepAsync(One, default));

        Assert.Null(await sweeps.FindSweepAsync(One, default));
        Assert.Empty(await sweeps.TrialsAsync(One, default));
        Assert.Empty(await sweeps.TrialHistoryAsync(ATrial(1).Id, default));
    }

    [StoreFact]
    public async Task Outlines_say_of_trials_all_but_what_was_measured()
    {
        var (store, claim) = await ClaimedAsync();
        await store.AddTrialAsync(claim, ATrial(1), "first", default);
        await store.AddTrialAsync(claim, ATrial(2) with { Purpose = TrialPurpose.Repeat }, "second", default);
        var deploying = ATrial(1) with { State = new TrialState.Deploying() };
        var failed = deploying with { State = new TrialState.CandidateFailed(FailureKind.NeverReady, "no answer", "log"), Deployed = TimeSpan.FromSeconds(7) };
        await store.ChangeTrialAsync(claim, ATrial(1), deploying, "go", default);
        await store.ChangeTrialAsync(claim, deploying, failed, "failed", default);

        var outlines = await store.TrialOutlinesAsync(One, default);

        Assert.Equal(
            [(1, TrialPurpose.Search, "CandidateFailed", "no answer", TimeSpan.FromSeconds(7)), (2, TrialPurpose.Repeat, "Pending", "", TimeSpan.Zero)],
            outlines.Select(outline => (outline.Number, outline.Purpose, outline.State, outline.Reason, outline.Deployed)));
        Assert.All(outlines, outline => Assert.Equal(ATrial(1).Candidate, outline.Candidate));
    }

    [StoreFact]
    public async Task Refuses_a_trial_whose_number_is_taken()
    {
        var (store, claim) = await ClaimedAsync();

        Assert.True(await store.AddTrialAsync(claim, ATrial(1), "first", default));
        Assert.False(await store.AddTrialAsync(claim, ATrial(1) with { Purpose = TrialPurpose.Repeat }, "again", default));

        var trial = Assert.Single(await store.TrialsAsync(One, default));
        Assert.Equal(TrialPurpose.Search, trial.Purpose);
    }

    [StoreFact]
    public async Task Changes_a_trial_only_from_the_state_that_was_read()
    {
        var (store, claim) = await ClaimedAsync();
        await store.AddTrialAsync(claim, ATrial(1), "first", default);
        var deploying = ATrial(1) with { State = new TrialState.Deploying() };
        var failed = deploying with { State = new TrialState.CandidateFailed(FailureKind.NeverReady, "no answer", "log\nlines"), Deployed = TimeSpan.FromSeconds(7) };

        Assert.True(await store.ChangeTrialAsync(claim, ATrial(1), deploying, "go", default));
        Assert.False(await store.ChangeTrialAsync(claim, ATrial(1), deploying, "go", default));
        Assert.True(await store.ChangeTrialAsync(claim, deploying, failed, "failed", default));

        Assert.Equal(failed, Assert.Single(await store.TrialsAsync(One, default)));
        Assert.Equal(
            [("", "Pending", "first"), ("Pending", "Deploying", "go"), ("Deploying", "CandidateFailed", "failed")],
            (await store.TrialHistoryAsync(failed.Id, default)).Select(change => (change.From, change.To, change.Reason)));
    }

    [StoreFact]
    public async Task Refuses_an_illegal_move()
    {
        var (store, claim) = await ClaimedAsync();
        await store.AddTrialAsync(claim, ATrial(1), "first", default);

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            store.ChangeTrialAsync(claim, ATrial(1), ATrial(1) with { State = new TrialState.Invalid("no", null) }, "jump", default));
    }

    [StoreFact]
    public async Task Lets_one_of_many_writers_win()
    {
        var (store, claim) = await ClaimedAsync();
        await store.AddTrialAsync(claim, ATrial(1), "first", default);

        var attempts = Enumerable.Range(0, 8).Select(index => Task.Run(() =>
            store.ChangeTrialAsync(claim, ATrial(1), ATrial(1) with { State = new TrialState.Deploying(), ChangedAt = Noon.AddSeconds(index) }, "race", default)));

        Assert.Single(await Task.WhenAll(attempts), won => won);
    }

    [StoreFact]
    public async Task Lets_one_of_many_nodes_have_a_sweep()
    {
        var (sweeps, claims) = Both(await StoresAsync());
        await AddAsync(sweeps, [.. Enumerable.Range(0, 6).Select(index => ASweep($"s{index}"))]);

        var won = await Task.WhenAll(Enumerable.Range(0, 8).Select(index => Task.Run(() => claims.ClaimNextAsync($"node{index}", Lease, [], default))));

        var ids = won.Where(claim => claim is not null).Select(claim => claim!.Id).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.NotEmpty(ids);
    }

    private static async Task<LeaseAnswer?> RenewAsync(IClaimStore claims, SweepClaim claim, TimeSpan ranFor = default) =>
        Assert.Single(await claims.RenewAsync([new LeaseRenewal(claim, ranFor)], Lease, default));

    private static (ISweepStore Sweeps, IClaimStore Claims) Both(SweepStores stores) => (stores.Sweeps, stores.Claims);

    private static IEnumerable<string> Ids(SweepPage page) => page.Sweeps.Select(sweep => sweep.Id.Value);

    private static async Task AddAsync(ISweepStore store, params StoredSweep[] sweeps)
    {
        foreach (var sweep in sweeps)
        {
            Assert.True(await store.AddSweepAsync(sweep, "{}", default));
        }
    }

    private async Task<SweepStores> StoresAsync() => new(await OpenAsync(time));

    private async Task<(ISweepStore Store, SweepClaim Claim)> ClaimedAsync()
    {
        var (sweeps, claims) = Both(await StoresAsync());
        await AddAsync(sweeps, ASweep("one"));
        return (sweeps, (await claims.ClaimAsync(One, "a", Lease, default))!);
    }

    private static StoredSweep ASweep(string id) => new()
    {
        Id = new SweepId(id),
        Name = "name of " + id,
        Fingerprint = "aa",
        State = SweepState.Queued,
        Reason = "submitted",
        CreatedAt = Noon,
        ChangedAt = Noon,
        SeenAt = Noon,
    };

    private static Trial ATrial(int number) => new()
    {
        Id = new TrialId($"one-{number}"),
        Number = number,
        Candidate = new Candidate([KeyValuePair.Create("workers", ParameterValue.Of(2)), KeyValuePair.Create("ratio", ParameterValue.Of("0.10"))]),
        Purpose = TrialPurpose.Search,
        State = new TrialState.Pending(),
        CreatedAt = Noon,
        ChangedAt = Noon,
    };
}
