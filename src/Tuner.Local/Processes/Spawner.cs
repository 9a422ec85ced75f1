using System.Collections.Concurrent;
using System.Diagnostics;

namespace Tuner.Local.Processes;

/// <summary>
/// Starts every candidate from one thread that lives as long as Tuner: the kernel kills a process "when its parent
/// dies" already when the *thread* that started it ends, and threads of the pool come and go.
/// </summary>
internal static class Spawner
{
    private static readonly BlockingCollection<Action> Requests = [];
    private static readonly Lazy<Thread> Worker = new(StartThread);

    /// <exception cref="System.ComponentModel.Win32Exception">The launcher itself cannot be started.</exception>
    public static Task<Process> StartAsync(ProcessStartInfo start)
    {
        _ = Worker.Value;
        var result = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Requests.Add(() =>
        {
            try
            {
                result.SetResult(Process.Start(start) ?? throw new InvalidOperationException("No process was started."));
            }
            catch (Exception error)
            {
                result.SetException(error);
            }
        });
        return result.Task;
    }

    private static Thread StartThread()
    {
        // Orphans of candidates come to us, so that none can hide behind the init process, and we collect them.
        Native.AdoptOrphans();
        var thread = new Thread(() =>
        {
            foreach (var request in Requests.GetConsumingEnumerable())
            {
                request();
            }
        })
        { IsBackground = true, Name = "candidate spawner" };
        thread.Start();
        return thread;
    }
}
