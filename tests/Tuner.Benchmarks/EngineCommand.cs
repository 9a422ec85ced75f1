using System.CommandLine;
using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Tuner.Core.Sweeps;
using Tuner.EngineNode;
using Tuner.Service.Engine;
using Tuner.Service.Engine.Progress;
using Tuner.Service.Storage;

namespace Tuner.Benchmarks;

/// <summary><c>engine</c>: what a trial costs beside its measurement, and how long lists take as sweeps add up.</summary>
internal static class EngineCommand
{
    private static readonly int[] Sizes = [100, 1_000, 10_000];

    public static Command Create()
    {
        var command = new Command("engine", "Overhead per trial on SQLite, and listing at 100 to 10,000 sweeps.");
        command.SetAction(async (_, _) =>
        {
            var folder = Directory.CreateTempSubdirectory("tuner-engine-bench-").FullName;
            await OverheadAsync(Path.Combine(folder, "trials"));
            await ListingAsync(Path.Combine(folder, "lists"));
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        });
        return command;
    }

    private static async Task OverheadAsync(string folder)
    {
        using var host = await Node.BuildAsync(new NodeOptions { State = folder, Trial = TimeSpan.Zero, Sweeps = 1 });
        var store = new SqlSweepStore(await SqliteDatabase.OpenAsync(new StateDirectory(folder).DatabaseFile, default));
        var id = (await new SweepIntake(store, new ProgressBus(), TimeProvider.System).AddAsync(SimulatedSweeps.Read(1, folder), new IntakeOptions(), default)).Sweep.Id;
        await host.StartAsync();
        while (!(await store.FindSweepAsync(id, default))!.HasEnded)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        await host.StopAsync();
        var started = (await store.TrialsAsync(id, default)).Select(trial => trial.CreatedAt).ToList();
        var between = started.Skip(1).Zip(started, (later, earlier) => (later - earlier).TotalMilliseconds).Order().ToList();
        Console.WriteLine($"{between.Count + 1} trials: {between[between.Count / 2]:F0} ms from one to the next at the median, simulated measuring and the strategy's proposal included");
    }

    private static async Task ListingAsync(string folder)
    {
        var store = new SqlSweepStore(await SqliteDatabase.OpenAsync(new StateDirectory(folder).DatabaseFile, default));
        var count = 0;
        Console.WriteLine($"{"sweeps",8}{"submit",12}{"page of 50",12}{"by state",12}{"read one",12}");
        foreach (var size in Sizes)
        {
            var adding = Stopwatch.StartNew();
            var before = count;
            for (; count < size; count++)
            {
                await store.AddSweepAsync(ASweep(count), "{}", default);
            }

            var each = adding.Elapsed.TotalMilliseconds / (size - before);
            var page = await TimeAsync(() => store.ListSweepsAsync(new SweepQuery(), default));
            var state = await TimeAsync(() => store.ListSweepsAsync(new SweepQuery { Projects = [StoredSweep.DefaultProject], States = [SweepState.Queued] }, default));
            var one = await TimeAsync(() => store.FindSweepAsync(ASweep(size / 2).Id, default));
            Console.WriteLine($"{size,8}{each,9:F2} ms{page,9:F2} ms{state,9:F2} ms{one,9:F2} ms");
        }
    }

    /// <summary>The median of 50, in milliseconds.</summary>
    private static async Task<double> TimeAsync<T>(Func<Task<T>> work)
    {
        var times = new List<double>();
        for (var turn = 0; turn < 50; turn++)
        {
            var watch = Stopwatch.StartNew();
            await work();
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        times.Sort();
        return times[times.Count / 2];
    }

    private static StoredSweep ASweep(int number)
    {
        var at = DateTimeOffset.UnixEpoch.AddMinutes(number);
        return new StoredSweep { Id = new SweepId($"s{number}"), Name = "bench", Fingerprint = $"{number}", State = SweepState.Queued, Reason = "submitted", CreatedAt = at, ChangedAt = at, SeenAt = at };
    }
}
