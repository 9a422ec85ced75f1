using System.Runtime.InteropServices;

namespace Tuner.Local;

/// <summary>The few calls of the C library that .NET does not offer. Each answers -1 on failure, with the cause in errno.</summary>
internal static unsafe partial class Native
{
    public const int SigKill = 9;
    public const int SigPipe = 13;
    public const int SigTerm = 15;
    public const int Eintr = 4;
    public const int ReadOnly = 0;
    public const int ReadWrite = 2;
    public const int Create = 0x40;
    public const int CloseOnExec = 0x80000;
    public const int LockExclusive = 2;
    public const int LockNonBlocking = 4;
    public const int LockRelease = 8;
    public const int WaitNoHang = 1;
    public const int WriteAccess = 2;
    public const int ExecuteAccess = 1;
    private const int PrctlParentDeathSignal = 1;
    private const int PrctlChildSubreaper = 36;
    private const int CpuMaskBytes = 1024;

    /// <summary>What errno says about the last call, in words.</summary>
    public static string LastError() => Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());

    /// <summary>The calling process is killed when the thread that started it ends; survives exec.</summary>
    public static bool DieWithParent() => Prctl(PrctlParentDeathSignal, SigKill, 0, 0, 0) == 0;

    /// <summary>Orphaned descendants become children of this process instead of the init process.</summary>
    public static bool AdoptOrphans() => Prctl(PrctlChildSubreaper, 1, 0, 0, 0) == 0;

    /// <summary>Binds one thread (0: the calling one) to these cores.</summary>
    public static bool SetAffinity(int thread, IEnumerable<int> cores)
    {
        var mask = stackalloc byte[CpuMaskBytes];
        new Span<byte>(mask, CpuMaskBytes).Clear();
        foreach (var core in cores)
        {
            mask[core / 8] |= (byte)(1 << (core % 8));
        }

        return SchedSetAffinity(thread, CpuMaskBytes, mask) == 0;
    }

    /// <summary>The cores that one thread (0: the calling one) may use; empty where that cannot be read.</summary>
    public static IReadOnlyList<int> GetAffinity(int thread)
    {
        var mask = stackalloc byte[CpuMaskBytes];
        new Span<byte>(mask, CpuMaskBytes).Clear();
        var cores = new List<int>();
        if (SchedGetAffinity(thread, CpuMaskBytes, mask) < 0)
        {
            return cores;
        }

        for (var core = 0; core < CpuMaskBytes * 8; core++)
        {
            if ((mask[core / 8] & (1 << (core % 8))) != 0)
            {
                cores.Add(core);
            }
        }

        return cores;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "getppid")]
    public static partial int GetParentId();

    [LibraryImport("libc", EntryPoint = "setsid", SetLastError = true)]
    public static partial int NewSession();

    [LibraryImport("libc", EntryPoint = "signal", SetLastError = true)]
    public static partial nint Signal(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    public static partial int WaitPid(int pid, out int status, int options);

    [LibraryImport("libc", EntryPoint = "chdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ChangeDirectory(string path);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int RemoveDirectory(string path);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Flock(int descriptor, int operation);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    public static partial int Dup2(int from, int to);

    [LibraryImport("libc", EntryPoint = "dup3", SetLastError = true)]
    public static partial int Dup3(int from, int to, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Fcntl(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, byte* bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "execve", SetLastError = true)]
    public static partial int Execute(byte* path, byte** arguments, byte** environment);

    /// <summary>Priority of one thread: -20 (first) to 19 (last). Kind 0 is "process", which on Linux means a thread.</summary>
    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    public static partial int SetPriority(int kind, int thread, int nice);

    [LibraryImport("libc", EntryPoint = "getpriority", SetLastError = true)]
    public static partial int GetPriority(int kind, int thread);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Prctl(int option, nuint first, nuint second, nuint third, nuint fourth);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SchedSetAffinity(int thread, nuint bytes, byte* mask);

    [LibraryImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    private static partial int SchedGetAffinity(int thread, nuint bytes, byte* mask);
}
