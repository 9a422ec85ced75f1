using System.Collections.Immutable;
using Tuner.Core.Search;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Search;
using Tuner.Service.Engine;
using Tuner.Service.Storage;
using Tuner.Testing.Sweeps;

namespace Tuner.Service.Tests.Engine;

public sealed class EarlierSweepsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tuner-earlier-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Hands_on_what_finished_sweeps_of_the_same_name_measured()
    {
        var stores = new SweepStores(await SqliteDatabase.OpenAsync(Path.Combine(folder, "a.db"), default));
        await AddAsync(stores, "first", "small", day: 1, finish: true);
        await AddAsync(stores, "other", "another", day: 2, finish: true);
        var open = await AddAsync(stores, "second", "small", day: 3, finish: false);

        var history = await EarlierSweeps.ReadAsync(stores.Sweeps, open, SmallSweep.Create(), default);

        var measured = Assert.Single(history).OfType<Observation.Measured>().ToList();
        Assert.Contains(measured, each => each.Candidate.Equals(SmallSweep.Workers(1)) && each.LogViolations[0] > 0);
        Assert.Contains(measured, each => each.Candidate.Equals(SmallSweep.Workers(3)) && each.LogViolations[0] < 0);
    }

    [Fact]
    public async Task Judges_old_measurements_by_the_new_limit_and_leaves_out_what_the_space_no_longer_has()
    {
        var stores = new SweepStores(await SqliteDatabase.OpenAsync(Path.Combine(folder, "b.db"), default));
        await AddAsync(stores, "first", "small", day: 1, finish: true);
        var open = await AddAsync(stores, "second", "small", day: 3, finish: false);
        var changed = SmallSweep.Create() with { Space = new SearchSpace { Parameters = [new IntegerParameter("workers", 1, 2)] }, Slos = [SmallSweep.P99(milliseconds: 1000)] };

        var history = await EarlierSweeps.ReadAsync(stores.Sweeps, open, changed, default);

        var measured = Assert.Single(history).OfType<Observation.Measured>().ToList();
        Assert.Equal([SmallSweep.Workers(1), SmallSweep.Workers(2)], measured.Select(each => each.Candidate).OrderBy(each => each.Key, StringComparer.Ordinal));
        Assert.All(measured, each => Assert.True(each.LogViolations[0] < 0));
    }

    [Fact]
    public async Task Starts_cold_where_the_sweep_says_so()
    {
        var stores = new SweepStores(await SqliteDatabase.OpenAsync(Path.Combine(folder, "c.db"), default));
        await AddAsync(stores, "first", "small", day: 1, finish: true);
        var open = await AddAsync(stores, "second", "small", day: 3, finish: false);
        var cold = SmallSweep.Create();

        Assert.Empty(await EarlierSweeps.ReadAsync(stores.Sweeps, open, cold with { Search = cold.Search with { WarmStart = false } }, default));
    }

    /// <summary>Stores a sweep, and runs it to its end where it is to be finished: three workers are enough.</summary>
    private static async Task<StoredSweep> AddAsync(SweepStores stores, string id, string name, int day, bool finish)
    {
        var at = DateTimeOffset.UnixEpoch.AddDays(day);
        var sweep = new StoredSweep { Id = new SweepId(id), Name = name, Fingerprint = id, State = SweepState.Queued, Reason = "submitted", CreatedAt = at, ChangedAt = at, SeenAt = at };
        await stores.Sweeps.AddSweepAsync(sweep, "", default);
        if (finish)
        {
            var work = new SweepWork
            {
                Claim = (await stores.Claims.ClaimAsync(sweep.Id, "node", TimeSpan.FromMinutes(1), default))!,
                Sweep = SmallSweep.Create(),
                Clock = new RunningClock(TimeSpan.Zero, TimeProvider.System),
                Orders = new SweepOrders(),
                SeenAt = at,
            };
            var runner = new ScriptedRunner(candidate => new TrialState.Measured(SmallSweep.Steady(candidate["workers"].Number >= 3 ? 20 : 400)));
            await new SweepExecutor(stores.Sweeps, runner, SearchStrategies.Find("grid")!, TimeProvider.System).RunAsync(work, new NobodyWatches(), default);
        }

        return sweep;
    }

    private sealed class NobodyWatches : ISweepObserver
    {
        public void TrialStarted(Trial trial, string why) => Assert.NotEmpty(why);

        public void TrialProgressed(Trial trial, TrialProgress progress) => Assert.NotNull(progress);

        public void TrialEnded(Trial trial) => Assert.True(trial.HasEnded);

        public void Noted(string message) => Assert.NotEmpty(message);
    }
}
