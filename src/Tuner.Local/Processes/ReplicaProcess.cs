using System.Diagnostics;
using Tuner.Local.Launch;

namespace Tuner.Local.Processes;

/// <summary>One running replica of a candidate: its process, its last words, and how it ended.</summary>
internal sealed class ReplicaProcess : IDisposable
{
    private readonly Process process;
    private readonly long started = Stopwatch.GetTimestamp();
    private readonly TaskCompletionSource<Handshake> launched = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource logEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task exited;
    private TimeSpan lived;

    private ReplicaProcess(Process process, LaunchSpec spec)
    {
        this.process = process;
        Id = process.Id;
        Start = ProcessEntry.Read(Id)?.Start ?? 0;
        exited = WaitForExitAsync();

        // A thread of its own: reading a pipe blocks, and the pool is needed for the load.
        new Thread(() => Converse(spec.ToBytes())) { IsBackground = true, Name = $"log of {Id}" }.Start();
    }

    public int Id { get; }

    /// <summary>With the id, its name for ever; see <see cref="ProcessEntry"/>.</summary>
    public long Start { get; }

    public LogTail Log { get; } = new();

    /// <summary>Whether its program runs.</summary>
    public Task<Handshake> Launched => launched.Task;

    /// <summary>Completes when the process has ended; its children may live on.</summary>
    public Task Exited => exited;

    public bool HasExited => exited.IsCompleted;

    public static async Task<ReplicaProcess> StartAsync(LaunchSpec spec, IReadOnlyDictionary<string, string> markers) =>
        new(await Spawner.StartAsync(LauncherCommand.StartInfo(markers)), spec);

    /// <summary>Asks it to end, as `kill PID` does.</summary>
    public void Terminate()
    {
        if (!HasExited)
        {
            Native.Kill(Id, Native.SigTerm);
        }
    }

    /// <summary>In words: <c>exited with code 3 after 1.2 s</c>, <c>was killed by signal 9 after 0.3 s</c>.</summary>
    public string Ending()
    {
        const int signalBase = 128;
        var code = process.ExitCode;
        var how = code > signalBase && code < signalBase + 65 ? $"was ended by signal {code - signalBase} (or exited with code {code})" : $"exited with code {code}";
        return $"{how} after {lived.TotalSeconds:0.0} s";
    }

    /// <summary>Waits until everything it wrote is in <see cref="Log"/>: until nobody holds its output any more.</summary>
    public Task LogEnded => logEnded.Task;

    public void Dispose() => process.Dispose();

    private async Task WaitForExitAsync()
    {
        await process.WaitForExitAsync();
        lived = Stopwatch.GetElapsedTime(started);
    }

    private void Converse(byte[] spec)
    {
        try
        {
            using (var input = process.StandardInput.BaseStream)
            {
                input.Write(spec);
            }

            launched.TrySetResult(Handshake.Parse(process.StandardError.ReadToEnd()));
            var output = process.StandardOutput.BaseStream;
            var buffer = new byte[4096];
            for (var count = output.Read(buffer); count > 0; count = output.Read(buffer))
            {
                Log.Append(buffer.AsSpan(0, count));
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            launched.TrySetResult(new Handshake.MachineFault("the launcher was killed before it could start the program"));
        }
        finally
        {
            logEnded.TrySetResult();
        }
    }
}
