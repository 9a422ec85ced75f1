using System.Diagnostics;
using System.Globalization;
using Dapper;
using Microsoft.Extensions.Hosting;
using Tuner.EngineNode;
using Tuner.Service.Definitions;
using Tuner.Service.Engine;
using Tuner.Service.Engine.Progress;
using Tuner.Service.Storage;

namespace Tuner.Benchmarks;

/// <summary>200 sweeps of 60 trials at once on one node, with simulated candidates: how much memory the node takes.</summary>
internal static class EngineFleet
{
    private const int Sweeps = 200;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    public static async Task RunAsync(string folder, string strategy, TimeSpan longest, TextWriter output)
    {
        using var host = await Node.BuildAsync(new NodeOptions { State = folder, Trial = TimeSpan.FromMilliseconds(100), Sweeps = Sweeps });
        var database = await SqliteDatabase.OpenAsync(new StateDirectory(folder).DatabaseFile, default);
        var store = new SqlSweepStore(database);
        var intake = new SweepIntake(store, new ProgressBus(), TimeProvider.System);
        for (var seed = 1; seed <= Sweeps; seed++)
        {
            var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"fleet-{seed}.yaml"));
            await File.WriteAllTextAsync(path, SimulatedSweeps.Text(seed).Replace("trials: 24", "trials: 60", StringComparison.Ordinal).Replace("search: { ", $"search: {{ strategy: {strategy}, ", StringComparison.Ordinal));
            await intake.AddAsync(SweepFile.Load(path, ShippedPrices.Load()), new IntakeOptions(), default);
        }

        var start = Stopwatch.GetTimestamp();
        await host.StartAsync();
        long peak = 0;
        var (running, most) = (Sweeps, 0);
        while (running > 0 && Stopwatch.GetElapsedTime(start) < longest)
        {
            await Task.Delay(Look, TimeProvider.System);
            using var self = Process.GetCurrentProcess();
            peak = Math.Max(peak, self.PeakWorkingSet64);
            running = Sweeps - (await store.ListSweepsAsync(new SweepQuery { States = [SweepState.Finished], Limit = SweepQuery.MaxLimit }, default)).Sweeps.Length;
            most = Math.Max(most, (await store.ListSweepsAsync(new SweepQuery { States = [SweepState.Running], Limit = SweepQuery.MaxLimit }, default)).Sweeps.Length);
        }

        await using var connection = await database.ConnectAsync(default);
        var measured = await connection.ExecuteScalarAsync<long>("select count(*) from trials where state = 'Measured'");
        var lost = await connection.ExecuteScalarAsync<long>("select count(*) from sweep_changes where to_state = 'Running'") - Sweeps;
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{Sweeps} sweeps, {most} running at once, {Sweeps - running} finished after {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s: {measured} trials measured, {lost} leases lost, at most {peak / 1048576.0:F0} MiB resident, {Environment.CpuUsage.TotalTime.TotalSeconds:F0} s of CPU"));
        await host.StopAsync();
    }
}
