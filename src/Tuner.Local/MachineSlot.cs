using System.Text;

namespace Tuner.Local;

/// <summary>
/// The one place for a local trial on a machine: a file that the kernel locks (flock(2)) for whoever measures, and
/// unlocks when that process ends, however it ends. Two Tuners at once take turns.
/// </summary>
internal sealed class MachineSlot : IDisposable
{
    /// <summary>The same file for every user and every working directory of the machine.</summary>
    public const string DefaultFile = "/tmp/tuner-local.lock";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly int handle;

    private MachineSlot(int handle) => this.handle = handle;

    /// <summary>Waits until the slot is free; <paramref name="waiting"/> hears who has it.</summary>
    public static async Task<MachineSlot> TakeAsync(string file, string holder, Action<string> waiting, TimeProvider time, CancellationToken cancellationToken)
    {
        var descriptor = Open(file);
        try
        {
            while (Native.Flock(descriptor, Native.LockExclusive | Native.LockNonBlocking) < 0)
            {
                waiting($"waiting for the machine: {HolderOf(file)} is measuring");
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
        catch
        {
            Native.Close(descriptor);
            throw;
        }

        TryNote(file, holder);
        return new MachineSlot(descriptor);
    }

    public void Dispose()
    {
        Native.Flock(handle, Native.LockRelease);
        Native.Close(handle);
    }

    private static int Open(string file)
    {
        // A lock needs only the right to read; another user's file in a sticky folder cannot be opened for more.
        var descriptor = Native.Open(file, Native.ReadOnly | Native.CloseOnExec, 0);
        if (descriptor < 0)
        {
            descriptor = Native.Open(file, Native.ReadWrite | Native.Create | Native.CloseOnExec, Convert.ToInt32("644", 8));
        }

        return descriptor >= 0 ? descriptor : throw new IOException($"The lock file '{file}' cannot be opened: {Native.LastError()}.");
    }

    private static string HolderOf(string file)
    {
        try
        {
            var text = File.ReadAllText(file).Trim();
            return text.Length > 0 ? text : "another Tuner";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "another Tuner";
        }
    }

    private static void TryNote(string file, string holder)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Truncate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            stream.Write(Encoding.UTF8.GetBytes(holder));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The note only helps who waits; the lock is held all the same.
        }
    }
}
