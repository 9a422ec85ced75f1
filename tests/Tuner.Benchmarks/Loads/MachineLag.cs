using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Tuner.Benchmarks.Loads;

/// <summary>How late the machine itself wakes a thread that sleeps for 100 µs, whoever asks: what no generator that sleeps can stay below.</summary>
/// <param name="Median">Microseconds.</param>
/// <param name="Worst">The 99th percentile, in microseconds.</param>
internal sealed record MachineLag(double Median, double Worst)
{
    private const int Longest = 100_000;

    /// <summary>Measured by cyclictest (Debian's rt-tests) on CPU 1 at ordinary priority; null where it is not installed.</summary>
    public static async Task<MachineLag?> MeasureAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("taskset", ["-c", "1", "cyclictest", "-q", "-t", "1", "-i", "100", "--policy=other", "-h", $"{Longest}", "-D", $"{(int)time.TotalSeconds}"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? Read(output) : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Lines of microseconds and counts; comments begin with a hash.</summary>
    private static MachineLag Read(string output)
    {
        var counts = output.Split('\n').Where(line => line.Length > 0 && char.IsAsciiDigit(line[0]))
            .Select(line => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
            .Select(words => (Lag: Number(words[0]), Count: Number(words[1]))).ToList();
        var all = counts.Sum(each => each.Count);
        return new MachineLag(At(0.5), At(0.99));

        double At(double share)
        {
            var seen = 0L;
            return counts.First(each => (seen += each.Count) >= share * all).Lag;
        }
    }

    private static long Number(string word) => long.Parse(word, CultureInfo.InvariantCulture);
}
