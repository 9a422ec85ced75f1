using System.CommandLine;
using System.Text.Json;

namespace Tuner.Benchmarks.Loads;

/// <summary><c>tools</c>: Tuner's load generator beside wrk, hey, ab and h2load, interleaved and repeated, medians and ratios.</summary>
internal static class ToolTable
{
    public static Command Command()
    {
        var repeats = new Option<int>("--repeats") { DefaultValueFactory = _ => 5, Description = "Runs of each tool." };
        var seconds = new Option<int>("--seconds") { DefaultValueFactory = _ => 15, Description = "Length of each run." };
        var quota = new Option<double>("--quota") { DefaultValueFactory = _ => 0.4, Description = "Share of a CPU that every tool gets in the second table, so that the target has capacity to spare." };
        var rate = new Option<int>("--rate") { DefaultValueFactory = _ => 10_000, Description = "Rate of the third table, per second." };
        var command = new Command("tools", "Compare CPU per request and requests per second with wrk, hey, ab and h2load against nginx.") { repeats, seconds, quota, rate };
        command.SetAction((line, cancellationToken) => RunAsync(line.GetValue(repeats), TimeSpan.FromSeconds(line.GetValue(seconds)), line.GetValue(quota), line.GetValue(rate), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int repeats, TimeSpan time, double share, int rate, CancellationToken cancellationToken)
    {
        using var tuner = await PublishedTuner.MakeAsync(cancellationToken);
        using var bare = await BareLoop.BuildAsync(cancellationToken);
        await using var target = await NginxServer.StartAsync(cancellationToken);
        Console.WriteLine($"nginx on CPU 0, each tool on CPU 1, {Tool.Connections} kept connections, {repeats} interleaved runs of {time.TotalSeconds:0} s each; medians.\n");

        Print("Closed loop, a whole CPU", await MeasureAsync(Tool.ClosedLoop(tuner, bare), target.Address, repeats, time, null, cancellationToken), "wrk");
        using (var quota = new CpuQuota(share))
        {
            Print($"Closed loop, {share:P0} of a CPU each", await MeasureAsync(Tool.ClosedLoop(tuner, bare), target.Address, repeats, time, quota, cancellationToken), "wrk");
        }

        var paced = await MeasureAsync(Tool.FixedRate(tuner, rate), target.Address, repeats, time, null, cancellationToken);
        Print($"Fixed rate of {rate}/s", paced, "h2load");
        PrintLag(paced, await MachineLag.MeasureAsync(time, cancellationToken));
        var fast = await MeasureAsync([.. Tool.FixedRate(tuner, 20_000).Where(tool => tool.Name == "tuner default")], target.Address, repeats, time, null, cancellationToken);
        Print("Fixed rate of 20000/s", fast, "tuner default");
        PrintLag(fast, machine: null);
        return 0;
    }

    private static async Task<List<ToolRun>> MeasureAsync(IReadOnlyList<Tool> tools, Uri target, int repeats, TimeSpan time, CpuQuota? quota, CancellationToken cancellationToken)
    {
        var runs = new List<ToolRun>();
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            foreach (var tool in tools)
            {
                if (await ToolRun.RunAsync(tool, target, time, quota, cancellationToken) is { } run)
                {
                    runs.Add(run);
                }
            }
        }

        return runs;
    }

    private static void Print(string title, List<ToolRun> runs, string reference)
    {
        Console.WriteLine($"{title}\n");
        Console.WriteLine($"| tool | requests/s | CPU µs per request | CPU relative to {reference} | requests/s relative to {reference} |\n|---|---|---|---|---|");
        var byTool = runs.GroupBy(run => run.Tool.Name).ToDictionary(group => group.Key, group => (Rate: Median(group.Select(run => run.PerSecond)), Cpu: Median(group.Select(run => run.CpuMicrosecondsPerRequest))));
        if (!byTool.TryGetValue(reference, out var yardstick))
        {
            Console.WriteLine($"({reference} is missing: no ratios)");
            yardstick = (double.NaN, double.NaN);
        }

        foreach (var (name, (perSecond, cpu)) in byTool.OrderBy(entry => entry.Value.Cpu))
        {
            Console.WriteLine($"| {name} | {perSecond:0} | {cpu:0.00} | {cpu / yardstick.Cpu:0.00} | {perSecond / yardstick.Rate:0.00} |");
        }

        Console.WriteLine();
    }

    private static void PrintLag(List<ToolRun> runs, MachineLag? machine)
    {
        Console.WriteLine("| tool | lag p50 µs | lag p99 µs | latency p50 µs | latency p99 µs |\n|---|---|---|---|---|");
        foreach (var group in runs.Where(run => run.Tool.Name.StartsWith("tuner", StringComparison.Ordinal)).GroupBy(run => run.Tool.Name))
        {
            var numbers = group.Select(run => Numbers(run.Output)).ToList();
            Console.WriteLine($"| {group.Key} | {string.Join(" | ", Enumerable.Range(0, 4).Select(column => $"{Median(numbers.Select(row => row[column])):0}"))} |");
        }

        if (machine is not null)
        {
            Console.WriteLine($"| the machine alone (cyclictest) | {machine.Median:0} | {machine.Worst:0} | | |");
        }

        Console.WriteLine();
    }

    private static double[] Numbers(string json)
    {
        var root = JsonDocument.Parse(json).RootElement;
        var (generator, latency) = (root.GetProperty("generator"), root.GetProperty("phases")[0].GetProperty("series").GetProperty("latency"));
        return [.. new[] { generator.GetProperty("lag_p50_ms"), generator.GetProperty("lag_p99_ms"), latency.GetProperty("p50_ms"), latency.GetProperty("p99_ms") }.Select(value => value.GetDouble() * 1000)];
    }

    internal static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
