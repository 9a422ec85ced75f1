using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics;
using Tuner.Core.Loads;
using Tuner.Core.Measurements;
using Tuner.Load;

namespace Tuner.Benchmarks.Loads;

/// <summary><c>stall</c>: nginx is stopped for 200 ms every 2 s; p99 and p99.9 beside what follows from the times of stop and continue.</summary>
internal static class StallTable
{
    private const double Rate = 2000;
    private static readonly TimeSpan StopFor = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    public static Command Command()
    {
        var runs = new Option<int>("--runs") { DefaultValueFactory = _ => 10, Description = "Runs." };
        var seconds = new Option<int>("--seconds") { DefaultValueFactory = _ => 10, Description = "Length of each run." };
        var command = new Command("stall", "Stop nginx again and again and compare p99 and p99.9 with their analytic values.") { runs, seconds };
        command.SetAction((line, cancellationToken) => RunAsync(line.GetValue(runs), TimeSpan.FromSeconds(line.GetValue(seconds)), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int runs, TimeSpan time, CancellationToken cancellationToken)
    {
        await using var target = await NginxServer.StartAsync(cancellationToken);
        Console.WriteLine($"nginx stopped for {StopFor.TotalMilliseconds:0} ms every {Every.TotalSeconds:0} s, {Rate:0}/s evenly spaced, {runs} runs of {time.TotalSeconds:0} s.\n");
        Console.WriteLine("| run | p99 ms | analytic | error % | p99.9 ms | analytic | error % |\n|---|---|---|---|---|---|---|");
        var errors = new List<(double P99, double P999)>();
        for (var run = 1; run <= runs; run++)
        {
            var (measured, stalls, load) = await MeasureAsync(target, time, cancellationToken);
            var expected = Expected(stalls, load, time);
            var (m99, m999) = (measured.QuantileNanoseconds(0.99) / 1e6, measured.QuantileNanoseconds(0.999) / 1e6);
            var (e99, e999) = (At(expected, 0.99), At(expected, 0.999));
            errors.Add((Math.Abs((m99 / e99) - 1) * 100, Math.Abs((m999 / e999) - 1) * 100));
            Console.WriteLine($"| {run} | {m99:0.00} | {e99:0.00} | {errors[^1].P99:0.00} | {m999:0.00} | {e999:0.00} | {errors[^1].P999:0.00} |");
        }

        Console.WriteLine($"\nMedian error: p99 {ToolTable.Median(errors.Select(error => error.P99)):0.00} %, p99.9 {ToolTable.Median(errors.Select(error => error.P999)):0.00} %.");
        return 0;
    }

    private static async Task<(LatencyHistogram Latency, List<double> StallMilliseconds, double Load)> MeasureAsync(NginxServer target, TimeSpan time, CancellationToken cancellationToken)
    {
        var profile = new LoadProfile
        {
            Request = new RequestTemplate(),
            Arrival = Arrival.Constant,
            Phases = [new RatePhase("load", time, Rate)],
            Connections = new ConnectionPolicy { Max = 2048 },
        };
        var cpuBefore = target.Cpu;
        var loading = new LoadGenerator().RunAsync(profile, [target.Address], new LoadOptions { Warmup = TimeSpan.FromSeconds(1) }, cancellationToken);
        var stalls = await StallAsync(target, time, cancellationToken);
        var measurement = await loading;
        var load = (target.Cpu - cpuBefore).TotalSeconds / (time.TotalSeconds + 1);
        foreach (var reason in measurement.InvalidReasons)
        {
            Console.WriteLine($"(invalid: {reason})");
        }

        return (measurement.Phases[0].Series(Measurement.LatencySeries), stalls, load);
    }

    /// <summary>Stops and continues the server within the load; returns how long it really was stopped each time, in milliseconds.</summary>
    private static async Task<List<double>> StallAsync(NginxServer target, TimeSpan time, CancellationToken cancellationToken)
    {
        var stalls = new List<double>();
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, cancellationToken);
        for (var count = (int)((time - Every / 2) / Every); count > 0; count--)
        {
            var begun = Stopwatch.GetTimestamp();
            Signals.Send(target.Id, Signals.Stop);
            await Task.Delay(StopFor, TimeProvider.System, cancellationToken);
            Signals.Send(target.Id, Signals.Continue);
            stalls.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            await Task.Delay(Every - StopFor, TimeProvider.System, cancellationToken);
        }

        return stalls;
    }

    /// <summary>
    /// The latencies of all requests in milliseconds, as they follow from the stalls alone: one due t after a stop of
    /// length D waits D - t (1 - rho), as long as that is positive; the others are taken as answered at once.
    /// </summary>
    private static ImmutableArray<double> Expected(List<double> stalls, double load, TimeSpan time)
    {
        var gap = 1000 / Rate;
        var late = stalls.SelectMany(stall => Enumerable.Range(0, (int)(stall / (1 - load) / gap)).Select(index => stall - ((index + 0.5) * gap * (1 - load)))).ToList();
        var prompt = Enumerable.Repeat(0.0, (int)(Rate * time.TotalSeconds) - late.Count);
        return [.. prompt.Concat(late).Order()];
    }

    private static double At(ImmutableArray<double> sorted, double quantile) => sorted[(int)Math.Ceiling(quantile * sorted.Length) - 1];
}
