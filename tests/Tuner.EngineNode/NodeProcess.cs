using System.Diagnostics;

namespace Tuner.EngineNode;

/// <summary>A node as a process of its own; killed with its candidates, without being asked, when it is disposed.</summary>
public sealed class NodeProcess : IDisposable
{
    private const string Stop = "STOP";
    private const string Continue = "CONT";

    private static readonly TimeSpan ToDie = TimeSpan.FromMinutes(1);

    private readonly Process process;
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private NodeProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) =>
        {
            lock (Lines)
            {
                Lines.Add(line.Data ?? "");
            }

            if (line.Data is Node.Ready)
            {
                ready.TrySetResult();
            }
            else if (line.Data is null)
            {
                ready.TrySetException(new InvalidOperationException("The node ended: " + string.Join('\n', Lines)));
            }
        };
        process.ErrorDataReceived += (_, line) =>
        {
            lock (Lines)
            {
                Lines.Add(line.Data ?? "");
            }
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => process.Id;

    /// <summary>What it has written so far.</summary>
    public List<string> Lines { get; } = [];

    public static async Task<NodeProcess> StartAsync(NodeOptions options)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(typeof(NodeProcess).Assembly.Location);
        foreach (var argument in options.Arguments())
        {
            start.ArgumentList.Add(argument);
        }

        var node = new NodeProcess(Process.Start(start)!);
        await node.ready.Task.WaitAsync(TimeSpan.FromMinutes(10));
        return node;
    }

    /// <summary>Kills the node alone: its candidates live on.</summary>
    public async Task KillAsync()
    {
        process.Kill();

        // Not for the end of its output, which candidates that live on hold open: without a time limit it is waited for.
        if (!await Task.Run(() => process.WaitForExit(ToDie)))
        {
            throw new TimeoutException($"Node {process.Id} was killed, and did not end.");
        }
    }

    /// <summary>SIGSTOP: it stands still, and does not know.</summary>
    public Task StopAsync() => SignalAsync(Stop);

    public Task ContinueAsync() => SignalAsync(Continue);

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await kill.WaitForExitAsync();
    }
}
