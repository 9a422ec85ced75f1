using System.Diagnostics;
using System.Globalization;

namespace Tuner.Benchmarks.Loads;

/// <summary>One run of one tool: what it sent and what CPU time it took, its start included.</summary>
internal sealed record ToolRun(Tool Tool, long Requests, double CpuSeconds, double WallSeconds, string Output)
{
    public double PerSecond => Requests / WallSeconds;

    public double CpuMicrosecondsPerRequest => CpuSeconds * 1e6 / Math.Max(1, Requests + Tool.Uncounted);

    /// <summary>Runs a tool on CPU 1, within a CPU quota where one is given (a cgroup), and takes its CPU time from the shell.</summary>
    public static async Task<ToolRun?> RunAsync(Tool tool, Uri target, TimeSpan time, CpuQuota? quota, CancellationToken cancellationToken)
    {
        var command = string.Join(' ', tool.Command(target, time).Select(word => $"'{word}'"));
        var enter = quota is null ? "" : $"echo $$ > {quota.Tasks}; ";
        var start = new ProcessStartInfo("bash", ["-c", $"{enter}TIMEFORMAT='cpu %U %S %R'; time taskset -c 1 {command}"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("bash did not start.");
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        var text = await output;
        var cpu = errors.Split('\n').LastOrDefault(line => line.StartsWith("cpu ", StringComparison.Ordinal))?.Split(' ');
        if (cpu is null || tool.RequestsIn(text) is not { } requests)
        {
            await Console.Error.WriteLineAsync($"{tool.Name} gave no count and is left out: {errors}");
            return null;
        }

        var seconds = cpu.Skip(1).Select(word => double.Parse(word, CultureInfo.InvariantCulture)).ToArray();
        return new ToolRun(tool, requests, seconds[0] + seconds[1], time.TotalSeconds, text);
    }
}

/// <summary>A cgroup that lets its members use a share of one CPU, in periods of 10 ms (cgroup v1 or v2; needs root).</summary>
internal sealed class CpuQuota : IDisposable
{
    private const int Period = 10_000;
    private readonly string folder;

    public CpuQuota(double share)
    {
        var v1 = Directory.Exists("/sys/fs/cgroup/cpu");
        folder = Path.Combine(v1 ? "/sys/fs/cgroup/cpu" : "/sys/fs/cgroup", $"tuner-bench-{Environment.ProcessId}");
        Directory.CreateDirectory(folder);
        var quota = (int)(Period * share);
        if (v1)
        {
            File.WriteAllText(Path.Combine(folder, "cpu.cfs_period_us"), $"{Period}");
            File.WriteAllText(Path.Combine(folder, "cpu.cfs_quota_us"), $"{quota}");
        }
        else
        {
            File.WriteAllText(Path.Combine(folder, "cpu.max"), $"{quota} {Period}");
        }
    }

    public string Tasks => Path.Combine(folder, "cgroup.procs");

    public void Dispose() => Directory.Delete(folder);
}
