using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Tuner.SampleModel.Tests;

/// <summary>The program as a user starts it.</summary>
public sealed class ProgramTests
{
    [Theory]
    [InlineData(64, "", "--workers: '0' is not a whole number from 1 to 256", "--workers", "0")]
    [InlineData(64, "", "--epochs: 'x' is not from 1 to 1000", "train", "--epochs", "x")]
    [InlineData(0, "--batch-delay-ms", "", "--help")]
    [InlineData(0, "--epochs", "", "train", "--help")]
    public async Task Ends_with_the_code_and_the_words_for(int code, string output, string error, params string[] args)
    {
        using var process = Start(args);

        Assert.Contains(error, await process.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Contains(output, await process.StandardOutput.ReadToEndAsync(), StringComparison.Ordinal);
        await process.WaitForExitAsync();
        Assert.Equal(code, process.ExitCode);
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        using var process = Start("--port", $"{port}");

        Assert.StartsWith($"--port: cannot listen on 127.0.0.1:{port}", await process.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
        await process.WaitForExitAsync();
        Assert.Equal(64, process.ExitCode);
    }

    [Fact]
    public async Task Serves_until_sigterm_and_writes_one_line()
    {
        using var process = Start("--port", "0");
        var line = await process.StandardOutput.ReadLineAsync();
        Assert.StartsWith("ready on http://127.0.0.1:", line, StringComparison.Ordinal);
        using var client = new HttpClient { BaseAddress = new Uri(line!.Split(' ')[2]) };
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/healthz")).StatusCode);

        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        Assert.Equal("", await process.StandardOutput.ReadToEndAsync());
        Assert.Equal("", await process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    [LinuxFact]
    public async Task Computes_on_workers_times_threads_threads()
    {
        using var process = Start("--port", "0", "--workers", "3", "--threads", "2");
        await process.StandardOutput.ReadLineAsync();

        var names = Directory.GetDirectories($"/proc/{process.Id}/task").Select(task => File.ReadAllText(Path.Combine(task, "comm")).Trim()).ToList();
        process.Kill();
        await process.WaitForExitAsync();

        Assert.Equal(
            ["inference.0.0", "inference.0.1", "inference.1.0", "inference.1.1", "inference.2.0", "inference.2.1"],
            names.Where(n => n.StartsWith("inference.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    private static Process Start(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Tuner.SampleModel.dll"), .. args])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }
}
