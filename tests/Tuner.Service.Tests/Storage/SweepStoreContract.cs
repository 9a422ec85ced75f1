using System.Collections.Immutable;
using Tuner.Core.Planning;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Storage;
using Tuner.Testing.Time;

namespace Tuner.Service.Tests.Storage;

/// <summary>What every store of sweeps must do, on each database.</summary>
public abstract class SweepStoreContract(StorePlace place) : StoreContract(place)
{
    private static readonly SweepId One = new("one");
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly ManualTime time = new();

    [StoreFact]
    public async Task Returns_a_sweep_as_it_was_added()
    {
        var store = (await StoresAsync()).Sweeps;
        Assert.True(await store.AddSweepAsync(Stored.ASweep("one") with { IdempotencyKey = "key" }, "submission", default));

        Assert.Equal(Stored.ASweep("one") with { IdempotencyKey = "key" }, await store.FindSweepAsync(One, default));
        Assert.Equal("submission", await store.SubmissionAsync(One, default));
        Assert.Null(await store.FindSweepAsync(new SweepId("two"), default));
        Assert.Null(await store.SubmissionAsync(new SweepId("two"), default));
    }

    [StoreFact]
    public async Task Finds_the_newest_sweep_of_a_fingerprint()
    {
        var store = (await StoresAsync()).Sweeps;
        await Stored.AddAsync(store, Stored.ASweep("old"), Stored.ASweep("new") with { CreatedAt = Stored.Noon.AddHours(1) }, Stored.ASweep("other") with { Fingerprint = "ff", CreatedAt = Stored.Noon.AddHours(2) });

        Assert.Equal("new", (await store.FindByFingerprintAsync("aa", default))?.Id.Value);
        Assert.Null(await store.FindByFingerprintAsync("bb", default));
    }

    [StoreFact]
    public async Task Takes_an_id_and_an_idempotency_key_once()
    {
        var store = (await StoresAsync()).Sweeps;
        await Stored.AddAsync(store, Stored.ASweep("one") with { IdempotencyKey = "key" });

        Assert.False(await store.AddSweepAsync(Stored.ASweep("one"), "", default));
        Assert.False(await store.AddSweepAsync(Stored.ASweep("two") with { IdempotencyKey = "key" }, "", default));
        Assert.True(await store.AddSweepAsync(Stored.ASweep("three") with { IdempotencyKey = "key", Project = "other" }, "", default));
        Assert.True(await store.AddSweepAsync(Stored.ASweep("four"), "", default));

        Assert.Equal(One, (await store.FindByIdempotencyKeyAsync(StoredSweep.DefaultProject, "key", default))!.Id);
        Assert.Null(await store.FindByIdempotencyKeyAsync(StoredSweep.DefaultProject, "none", default));
    }

    [StoreFact]
    public async Task Lists_newest_first_in_pages_that_stay_put_while_sweeps_are_added()
    {
        var store = (await StoresAsync()).Sweeps;
        await Stored.AddAsync(store, [.. Enumerable.Range(0, 7).Select(index => Stored.ASweep($"s{index}") with { CreatedAt = Stored.Noon.AddMinutes(index / 2) })]);

        var first = await store.ListSweepsAsync(new SweepQuery { Limit = 3 }, default);
        await Stored.AddAsync(store, Stored.ASweep("later") with { CreatedAt = Stored.Noon.AddHours(1) });
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
        await Stored.AddAsync(
            store,
            Stored.ASweep("a") with { Labels = labels },
            Stored.ASweep("b") with { Project = "p2", Labels = labels.SetItem("env", "test") },
            Stored.ASweep("c") with { Project = "p3", Name = "checkout" });
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
        await Stored.AddAsync(store, Stored.ASweep("one"));

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
    public async Task Deletes_a_sweep_with_its_trials_but_not_one_that_runs()
    {
        var (sweeps, claims) = Both(await StoresAsync());
        await Stored.AddAsync(sweeps, Stored.ASweep("one") with { Labels = ImmutableSortedDictionary<string, string>.Empty.Add("a", "b") });
        var claim = (await claims.ClaimAsync(One, "a", Lease, default))!;
        await sweeps.AddTrialAsync(claim, Stored.ATrial(1), "first", default);

        Assert.False(await sweeps.DeleteSweepAsync(One, default));
        await sweeps.EndWorkAsync(claim, SweepState.Paused, "held", null, default);
        Assert.True(await sweeps.DeleteSweepAsync(One, default));

        Assert.Null(await sweeps.FindSweepAsync(One, default));
        Assert.Empty(await sweeps.TrialsAsync(One, default));
        Assert.Empty(await sweeps.TrialHistoryAsync(Stored.ATrial(1).Id, default));
    }

    [StoreFact]
    public async Task Outlines_say_of_trials_all_but_what_was_measured()
    {
        var (store, claim) = await ClaimedAsync();
        await store.AddTrialAsync(claim, Stored.ATrial(1), "first", default);
        await store.AddTrialAsync(claim, Stored.ATrial(2) with { Purpose = TrialPurpose.Repeat }, "second", default);
        var deploying = Stored.ATrial(1) with { State = new TrialState.Deploying() };
        var failed = deploying with { State = new TrialState.CandidateFailed(FailureKind.NeverReady, "no answer", "log"), Deployed = TimeSpan.FromSeconds(7) };
        await store.ChangeTrialAsync(claim, Stored.ATrial(1), deploying, "go", default);
        await store.ChangeTrialAsync(claim, deploying, failed, "failed", default);

        var outlines = await store.TrialOutlinesAsync(One, default);

        Assert.Equal(
            [(1, TrialPurpose.Search, "CandidateFailed", "no answer", TimeSpan.FromSeconds(7)), (2, TrialPurpose.Repeat, "Pending", "", TimeSpan.Zero)],
            outlines.Select(outline => (outline.Number, outline.Purpose, outline.State, outline.Reason, outline.Deployed)));
        Assert.All(outlines, outline => Assert.Equal(Stored.ATrial(1).Candidate, outline.Candidate));
    }

    [StoreFact]
    public async Task Refuses_a_trial_whose_number_is_taken()
    {
        var (store, claim) = await ClaimedAsync();

        Assert.True(await store.AddTrialAsync(claim, Stored.ATrial(1), "first", default));
        Assert.False(await store.AddTrialAsync(claim, Stored.ATrial(1) with { Purpose = TrialPurpose.Repeat }, "again", default));

        var trial = Assert.Single(await store.TrialsAsync(One, default));
        Assert.Equal(TrialPurpose.Search, trial.Purpose);
    }

    [StoreFact]
    public async Task Changes_a_trial_only_from_the_state_that_was_read()
    {
        var (store, claim) = await ClaimedAsync();
        await store.AddTrialAsync(claim, Stored.ATrial(1), "first", default);
        var deploying = Stored.ATrial(1) with { State = new TrialState.Deploying() };
        var failed = deploying with { State = new TrialState.CandidateFailed(FailureKind.NeverReady, "no answer", "log\nlines"), Deployed = TimeSpan.FromSeconds(7) };

        Assert.True(await store.ChangeTrialAsync(claim, Stored.ATrial(1), deploying, "go", default));
        Assert.False(await store.ChangeTrialAsync(claim, Stored.ATrial(1), deploying, "go", default));
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
        await store.AddTrialAsync(claim, Stored.ATrial(1), "first", default);

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            store.ChangeTrialAsync(claim, Stored.ATrial(1), Stored.ATrial(1) with { State = new TrialState.Invalid("no", null) }, "jump", default));
    }

    [StoreFact]
    public async Task Lets_one_of_many_writers_win()
    {
        var (store, claim) = await ClaimedAsync();
        await store.AddTrialAsync(claim, Stored.ATrial(1), "first", default);

        var attempts = Enumerable.Range(0, 8).Select(index => Task.Run(() =>
            store.ChangeTrialAsync(claim, Stored.ATrial(1), Stored.ATrial(1) with { State = new TrialState.Deploying(), ChangedAt = Stored.Noon.AddSeconds(index) }, "race", default)));

        Assert.Single(await Task.WhenAll(attempts), won => won);
    }

    private static (ISweepStore Sweeps, IClaimStore Claims) Both(SweepStores stores) => (stores.Sweeps, stores.Claims);

    private static IEnumerable<string> Ids(SweepPage page) => page.Sweeps.Select(sweep => sweep.Id.Value);

    private async Task<SweepStores> StoresAsync() => new(await OpenAsync(time));

    private async Task<(ISweepStore Store, SweepClaim Claim)> ClaimedAsync()
    {
        var (sweeps, claims) = Both(await StoresAsync());
        await Stored.AddAsync(sweeps, Stored.ASweep("one"));
        return (sweeps, (await claims.ClaimAsync(One, "a", Lease, default))!);
    }
}
