using System.CommandLine;
using System.Diagnostics;
using Dapper;
using Microsoft.Extensions.Hosting;
using Tuner.Core.Sweeps;
using Tuner.EngineNode;
using Tuner.Service.Definitions;
using Tuner.Service.Engine;
using Tuner.Service.Engine.Progress;
using Tuner.Service.Storage;

namespace Tuner.Benchmarks;

/// <summary><c>engine</c>: what a trial costs beside its measurement, and how long lists take as sweeps add up.</summary>
internal static class EngineCommand
{
    private const int WarmUps = 12;
    private const int Measured = 5;
    private static readonly int[] Sizes = [100, 1_000, 10_000];

    public static Command Create()
    {
        var fleet = new Option<int?>("--fleet") { Description = "Run 200 sweeps at once for at most so many seconds instead, and print the memory that took." };
        var strategy = new Option<string>("--strategy") { Description = "How the 200 sweeps search: grid uses all of their 60 trials.", DefaultValueFactory = _ => "bayesian" };
        var command = new Command("engine", "Overhead per trial on SQLite, and reading at 100 to 10,000 sweeps of 20 trials each.") { fleet, strategy };
        command.SetAction(async (parsed, _) =>
        {
            var folder = Directory.CreateTempSubdirectory("tuner-engine-bench-").FullName;
            if (parsed.GetValue(fleet) is { } seconds)
            {
                await EngineFleet.RunAsync(folder, parsed.GetRequiredValue(strategy), TimeSpan.FromSeconds(seconds), Console.Out);
            }
            else
            {
                await ListingAsync(folder, await OverheadAsync(folder));
            }

            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        });
        return command;
    }

    private static async Task<SweepId> OverheadAsync(string folder)
    {
        using var host = await Node.BuildAsync(new NodeOptions { State = folder, Trial = TimeSpan.Zero, Sweeps = 1 });
        var store = new SqlSweepStore(await SqliteDatabase.OpenAsync(new StateDirectory(folder).DatabaseFile, default));
        await host.StartAsync();

        // The grid proposes at no cost: what is left is the engine's own. The first ones warm the code up.
        await BetweenTrialsAsync(store, folder, "strategy: grid", WarmUps);
        var own = await BetweenTrialsAsync(store, folder, "strategy: grid", Measured);
        var all = await BetweenTrialsAsync(store, folder, "strategy: bayesian", Measured);
        await host.StopAsync();
        Console.WriteLine($"from one trial to the next at the median (and at the ninth tenth), simulated measuring included: {own.Wall:F1} ms ({own.Slow:F1}) with the grid, {all.Wall:F0} ms ({all.Slow:F0}) with Bayesian search");
        Console.WriteLine($"CPU time for each trial: {own.Cpu:F1} ms with the grid, {all.Cpu:F0} ms with Bayesian search; {MeasuringCpu(folder):F1} ms of it are the simulated measuring");
        return own.Last;
    }

    /// <summary>Milliseconds of CPU time that one simulated measurement takes on average.</summary>
    private static double MeasuringCpu(string folder)
    {
        const int Turns = 200;
        var sweep = SimulatedSweeps.Read(1, folder).Sweep!;
        var spent = Environment.CpuUsage.TotalTime;
        for (var turn = 1; turn <= Turns; turn++)
        {
            SimulatedRunners.Measure(sweep, sweep.Baseline!, turn);
        }

        return (Environment.CpuUsage.TotalTime - spent).TotalMilliseconds / Turns;
    }

    /// <summary>Runs so many sweeps, one after the other.</summary>
    private static async Task<Between> BetweenTrialsAsync(SqlSweepStore store, string folder, string search, int sweeps)
    {
        var path = Path.Combine(folder, "overhead.yaml");
        await File.WriteAllTextAsync(path, SimulatedSweeps.Text(1).Replace("search: { ", $"search: {{ {search}, ", StringComparison.Ordinal));
        var spent = Environment.CpuUsage.TotalTime;
        var (gaps, trials, last) = (new List<double>(), 0, default(SweepId));
        for (var turn = 0; turn < sweeps; turn++)
        {
            last = (await new SweepIntake(store, new ProgressBus(), TimeProvider.System).AddAsync(SweepFile.Load(path, ShippedPrices.Load()), new IntakeOptions(), default)).Sweep.Id;
            await SimulatedSweeps.UntilEndedAsync(store, last);
            var started = (await store.TrialsAsync(last, default)).Select(trial => trial.CreatedAt).ToList();
            gaps.AddRange(started.Skip(1).Zip(started, (later, earlier) => (later - earlier).TotalMilliseconds));
            trials += started.Count;
        }

        gaps.Sort();
        return new Between(gaps[gaps.Count / 2], gaps[gaps.Count * 9 / 10], (Environment.CpuUsage.TotalTime - spent).TotalMilliseconds / trials, last);
    }

    /// <param name="measured">A sweep whose trials are copied into all others.</param>
    private static async Task ListingAsync(string folder, SweepId measured)
    {
        var database = await SqliteDatabase.OpenAsync(new StateDirectory(folder).DatabaseFile, default);
        var store = new SqlSweepStore(database);
        var count = 0;
        Console.WriteLine($"{"sweeps",8}{"submit",12}{"page of 50",12}{"by state",12}{"read one",12}{"trials",10}{"of one",12}");
        foreach (var size in Sizes)
        {
            var adding = Stopwatch.StartNew();
            var before = count;
            for (; count < size; count++)
            {
                await store.AddSweepAsync(ASweep(count), "{}", default);
            }

            var each = adding.Elapsed.TotalMilliseconds / (size - before);
            var trials = await CopyTrialsAsync(database, measured);
            var page = await TimeAsync(() => store.ListSweepsAsync(new SweepQuery(), default));
            var state = await TimeAsync(() => store.ListSweepsAsync(new SweepQuery { Projects = [StoredSweep.DefaultProject], States = [SweepState.Queued] }, default));
            var one = await TimeAsync(() => store.FindSweepAsync(ASweep(size / 2).Id, default));
            var ofOne = await TimeAsync(() => new SqlSweepStore(database).TrialsAsync(ASweep(size / 2).Id, default));
            Console.WriteLine($"{size,8}{each,9:F2} ms{page,9:F2} ms{state,9:F2} ms{one,9:F2} ms{trials,10}{ofOne,9:F2} ms");
        }
    }

    /// <summary>Gives every sweep without trials the first twenty of the measured one, measurements and all.</summary>
    private static async Task<long> CopyTrialsAsync(SqliteDatabase database, SweepId measured)
    {
        await using var connection = await database.ConnectAsync(default);
        await connection.ExecuteAsync(
            """
            insert into trials (id, sweep_id, number, candidate, purpose, state, detail, measurement, deployed_ticks, created_at, changed_at)
            select s.id || '-' || n.copy || '-' || t.number, s.id, n.copy * 10 + t.number, t.candidate, t.purpose, t.state, t.detail, t.measurement, t.deployed_ticks, t.created_at, t.changed_at
            from sweeps s cross join (select 0 as copy union all select 1) n cross join trials t
            where t.sweep_id = @id and t.number <= 10 and s.id <> @id and not exists (select 1 from trials o where o.sweep_id = s.id)
            """,
            new { id = measured.Value },
            commandTimeout: 600);
        return await connection.ExecuteScalarAsync<long>("select count(*) from trials");
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

    /// <summary>Milliseconds from one trial to the next, at the median and at the ninth tenth, and of CPU time for each trial on average.</summary>
    private sealed record Between(double Wall, double Slow, double Cpu, SweepId Last);
}
