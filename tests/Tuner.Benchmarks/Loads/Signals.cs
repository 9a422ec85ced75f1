using System.Runtime.InteropServices;

namespace Tuner.Benchmarks.Loads;

/// <summary>Stops and continues a process.</summary>
internal static partial class Signals
{
    public const int Stop = 19;
    public const int Continue = 18;

    public static void Send(int process, int signal) => _ = Kill(process, signal);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
