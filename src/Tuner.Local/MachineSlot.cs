using System.Text;
using Microsoft.Win32.SafeHandles;

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
                waiting($"waiting for the machine: {HolderOf(descriptor)} is measuring");
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
        catch
        {
            Native.Close(descriptor);
            throw;
        }

        TryNote(descriptor, holder);
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
        foreach (var flags in new[] { Native.ReadWrite, Native.ReadOnly, Native.ReadWrite | Native.Create })
        {
            var descriptor = Native.Open(file, flags | Native.CloseOnExec, Convert.ToInt32("644", 8));
            if (descriptor >= 0)
            {
                return descriptor;
            }
        }

        throw new IOException($"The lock file '{file}' cannot be opened: {Native.LastError()}.");
    }

    // By descriptor: opening the file once more would make .NET ask for a lock of its own.
    private static string HolderOf(int descriptor)
    {
        var buffer = new byte[200];
        using var file = new SafeFileHandle(descriptor, ownsHandle: false);
        var text = Encoding.UTF8.GetString(buffer, 0, RandomAccess.Read(file, buffer, 0)).Trim();
        return text.Length > 0 ? text : "another Tuner";
    }

    private static void TryNote(int descriptor, string holder)
    {
        try
        {
            using var file = new SafeFileHandle(descriptor, ownsHandle: false);
            RandomAccess.SetLength(file, 0);
            RandomAccess.Write(file, Encoding.UTF8.GetBytes(holder), 0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // The note only helps who waits; the lock is held all the same.
        }
    }
}
