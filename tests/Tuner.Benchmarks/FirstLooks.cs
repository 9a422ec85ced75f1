using System.Diagnostics;
using System.Globalization;
using Tuner.Service.Storage;
using Tuner.Testing.Serving;

namespace Tuner.Benchmarks;

/// <summary>How long whoever looks at a large running sweep waits just after <c>tuner serve</c> has said that it serves: each time the first request of a new process, on the same stored trials.</summary>
internal static class FirstLooks
{
    private const string Asleep = """[sh, -c, "sleep 600", "{{port}}", "{{workers}}"]""";
    private const string Greeting = "Tuner serves ";

    public static async Task MeasureAsync(string tuner, int trials, int starts, CancellationToken cancellationToken)
    {
        var filled = Directory.CreateTempSubdirectory("tuner-looks-");
        try
        {
            await LargeSweep.FillAsync(await SqliteDatabase.OpenAsync(Path.Combine(filled.FullName, "tuner.db"), cancellationToken), trials, Asleep);
            Console.WriteLine($"{"start",-6}{"ready",12}{"first byte",12}{"last byte",12}{"once more",12}   load average");
            var firsts = new List<double>();
            for (var start = 1; start <= starts; start++)
            {
                firsts.Add(await LookAsync(tuner, filled, start, cancellationToken));
            }

            firsts.Sort();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median first byte {firsts[firsts.Count / 2]:F0} ms, {firsts[0]:F0} to {firsts[^1]:F0} ms"));
        }
        finally
        {
            filled.Delete(recursive: true);
        }
    }

    private static async Task<double> LookAsync(string tuner, DirectoryInfo filled, int start, CancellationToken cancellationToken)
    {
        var state = Directory.CreateTempSubdirectory("tuner-look-");
        foreach (var file in filled.GetFiles())
        {
            file.CopyTo(Path.Combine(state.FullName, file.Name));
        }

        var watch = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo(tuner, ["serve", "--state", state.FullName, "--listen", "127.0.0.1:0"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        try
        {
            using var client = new HttpClient { BaseAddress = await AddressAsync(process, cancellationToken) };
            var ready = watch.Elapsed;
            var (first, last) = await AskAsync(client, cancellationToken);
            var (again, _) = await AskAsync(client, cancellationToken);
            var load = (await File.ReadAllTextAsync("/proc/loadavg", cancellationToken)).Split(' ')[0];
            Console.WriteLine($"{start,-6}{ready.TotalMilliseconds,9:F0} ms{first,9:F0} ms{last,9:F0} ms{again,9:F0} ms   {load}");
            return first;
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            state.Delete(recursive: true);
        }
    }

    /// <summary>From its greeting; lines of its log may come before.</summary>
    private static async Task<Uri> AddressAsync(Process process, CancellationToken cancellationToken)
    {
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith(Greeting, StringComparison.Ordinal))
            {
                return new Uri(line[Greeting.Length..].Split(' ')[0]);
            }
        }

        throw new InvalidOperationException("The service ended before it said where it is.");
    }

    private static async Task<(double First, double Last)> AskAsync(HttpClient client, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        using var answer = await client.GetAsync(new Uri($"sweeps/{LargeSweep.Id}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        answer.EnsureSuccessStatusCode();
        var first = watch.Elapsed.TotalMilliseconds;
        await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        return (first, watch.Elapsed.TotalMilliseconds);
    }
}
