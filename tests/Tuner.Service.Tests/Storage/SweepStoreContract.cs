using Tuner.Core.Planning;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Storage;

namespace Tuner.Service.Tests.Storage;

/// <summary>What every store of sweeps must do; one small class derives from it for each database.</summary>
public abstract class SweepStoreContract
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    protected abstract Task<ISweepStore> OpenAsync();

    [Fact]
    public async Task Returns_a_sweep_as_it_was_added()
    {
        var store = await OpenAsync();
        await store.AddSweepAsync(ASweep("one"), default);

        Assert.Equal(ASweep("one"), await store.FindSweepAsync(new SweepId("one"), default));
        Assert.Null(await store.FindSweepAsync(new SweepId("two"), default));
    }

    [Fact]
    public async Task Finds_the_newest_sweep_of_a_fingerprint()
    {
        var store = await OpenAsync();
        await store.AddSweepAsync(ASweep("old"), default);
        await store.AddSweepAsync(ASweep("new") with { CreatedAt = Noon.AddHours(1) }, default);
        await store.AddSweepAsync(ASweep("other") with { Fingerprint = "ff", CreatedAt = Noon.AddHours(2) }, default);

        Assert.Equal("new", (await store.FindByFingerprintAsync("aa", default))?.Id.Value);
        Assert.Null(await store.FindByFingerprintAsync("bb", default));
        Assert.Equal(["other", "new", "old"], (await store.ListSweepsAsync(default)).Select(sweep => sweep.Id.Value));
    }

    [Fact]
    public async Task Ends_a_sweep_once()
    {
        var store = await OpenAsync();
        await store.AddSweepAsync(ASweep("one"), default);
        var stop = new StopReason(StopKind.TimeBudget, "The time is over.");

        Assert.True(await store.EndSweepAsync(new SweepId("one"), SweepState.Finished, stop, Noon.AddMinutes(1), default));
        Assert.False(await store.EndSweepAsync(new SweepId("one"), SweepState.Cancelled, stop, Noon.AddMinutes(2), default));

        var ended = await store.FindSweepAsync(new SweepId("one"), default);
        Assert.Equal(SweepState.Finished, ended!.State);
        Assert.Equal(stop, ended.Stop);
    }

    [Fact]
    public async Task Adds_up_running_time()
    {
        var store = await OpenAsync();
        await store.AddSweepAsync(ASweep("one"), default);

        await store.AddRunningTimeAsync(new SweepId("one"), TimeSpan.FromSeconds(2), Noon.AddSeconds(2), default);
        await store.AddRunningTimeAsync(new SweepId("one"), TimeSpan.FromSeconds(3), Noon.AddSeconds(9), default);

        var sweep = await store.FindSweepAsync(new SweepId("one"), default);
        Assert.Equal(TimeSpan.FromSeconds(5), sweep!.Running);
        Assert.Equal(Noon.AddSeconds(9), sweep.SeenAt);
    }

    [Fact]
    public async Task Refuses_a_trial_whose_number_is_taken()
    {
        var store = await OpenAsync();
        await store.AddSweepAsync(ASweep("one"), default);

        Assert.True(await store.AddTrialAsync(new SweepId("one"), ATrial(1), "first", default));
        Assert.False(await store.AddTrialAsync(new SweepId("one"), ATrial(1) with { Purpose = TrialPurpose.Repeat }, "again", default));

        var trial = Assert.Single(await store.TrialsAsync(new SweepId("one"), default));
        Assert.Equal(TrialPurpose.Search, trial.Purpose);
    }

    [Fact]
    public async Task Changes_a_trial_only_from_the_state_that_was_read()
    {
        var store = await OpenAsync();
        await store.AddSweepAsync(ASweep("one"), default);
        await store.AddTrialAsync(new SweepId("one"), ATrial(1), "first", default);
        var deploying = ATrial(1) with { State = new TrialState.Deploying(), ChangedAt = Noon.AddSeconds(1) };
        var failed = deploying with { State = new TrialState.CandidateFailed(FailureKind.NeverReady, "no answer", "log\nlines"), Deployed = TimeSpan.FromSeconds(7) };

        Assert.True(await store.ChangeTrialAsync(ATrial(1), deploying, "go", default));
        Assert.False(await store.ChangeTrialAsync(ATrial(1), deploying, "go", default));
        Assert.True(await store.ChangeTrialAsync(deploying, failed, "failed", default));

        Assert.Equal(failed, Assert.Single(await store.TrialsAsync(new SweepId("one"), default)));
    }

    [Fact]
    public async Task Refuses_an_illegal_move()
    {
        var store = await OpenAsync();
        await store.AddSweepAsync(ASweep("one"), default);
        await store.AddTrialAsync(new SweepId("one"), ATrial(1), "first", default);

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            store.ChangeTrialAsync(ATrial(1), ATrial(1) with { State = new TrialState.Invalid("no", null) }, "jump", default));
    }

    [Fact]
    public async Task Lets_one_of_many_writers_win()
    {
        var store = await OpenAsync();
        await store.AddSweepAsync(ASweep("one"), default);
        await store.AddTrialAsync(new SweepId("one"), ATrial(1), "first", default);

        var attempts = Enumerable.Range(0, 8).Select(index => Task.Run(() =>
            store.ChangeTrialAsync(ATrial(1), ATrial(1) with { State = new TrialState.Deploying(), ChangedAt = Noon.AddSeconds(index) }, "race", default)));

        Assert.Single(await Task.WhenAll(attempts), won => won);
    }

    private static StoredSweep ASweep(string id) => new()
    {
        Id = new SweepId(id),
        Name = "name of " + id,
        Fingerprint = "aa",
        Submission = """{"definition":"…"}""",
        State = SweepState.Running,
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
