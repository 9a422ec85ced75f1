using Tuner.Core.Planning;
using Tuner.Core.Recommending;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Search;
using Tuner.Service.Engine;
using Tuner.Service.Storage;
using Tuner.Testing.Sweeps;

namespace Tuner.Service.Tests.Engine;

/// <summary>A small sweep in a store of its own, and an executor that works on it.</summary>
public abstract class SweepExecutorScene : IDisposable
{
    private protected static SweepId Id { get; } = new("small-1");

    private readonly string folder = Directory.CreateTempSubdirectory("tuner-engine-").FullName;

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    private protected static TrialState ThreeWorkersAreEnough(Candidate candidate) =>
        new TrialState.Measured(SmallSweep.Steady(candidate["workers"].Number >= 3 ? 20 : 400));

    /// <summary>Claims the sweep, as if whoever had it before were known to be dead, and runs it.</summary>
    private protected static async Task<SweepEnding> RunAsync(
        SweepStores stores, ITrialRunner runner, Sweep sweep, CancellationToken cancellationToken, ISweepStore? through = null, SweepOrders? orders = null, TimeProvider? time = null, CancellationToken leaving = default)
    {
        await stores.Claims.EndLeasesAsync("node", default);
        var claim = (await stores.Claims.ClaimAsync(Id, "node", TimeSpan.FromMinutes(1), default))!;
        var stored = (await stores.Sweeps.FindSweepAsync(Id, default))!;
        var work = new SweepWork
        {
            Claim = claim,
            Sweep = sweep,
            Clock = new RunningClock(stored.Running, time ?? TimeProvider.System),
            Orders = orders ?? new SweepOrders(),
            SeenAt = stored.SeenAt,
            Leaving = leaving,
        };
        return await new SweepExecutor(through ?? stores.Sweeps, runner, SearchStrategies.Find("grid")!, time ?? TimeProvider.System)
            .RunAsync(work, new Silent(), cancellationToken);
    }

    private protected static Candidate? Winner(Sweep sweep, IReadOnlyList<Trial> trials, StopReason stop) =>
        (Recommender.Recommend(sweep, trials, stop) as Recommendation.Use)?.Winner.Candidate;

    private protected async Task<(SweepStores Stores, Sweep Sweep)> SubmitAsync(string name, SweepBudget? budget = null)
    {
        var stores = new SweepStores(await SqliteDatabase.OpenAsync(Path.Combine(folder, name + ".db"), default));
        var now = DateTimeOffset.UnixEpoch;
        await stores.Sweeps.AddSweepAsync(
            new StoredSweep { Id = Id, Name = "small", Fingerprint = "small", State = SweepState.Queued, Reason = "submitted", CreatedAt = now, ChangedAt = now, SeenAt = now },
            "",
            default);
        return (stores, SmallSweep.Create(baseline: 6, budget: budget));
    }

    private sealed class Silent : ISweepObserver
    {
        public void TrialStarted(Trial trial, string why)
        {
        }

        public void TrialProgressed(Trial trial, TrialProgress progress)
        {
        }

        public void TrialEnded(Trial trial)
        {
        }

        public void Noted(string message)
        {
        }
    }
}
