using System.Runtime.InteropServices;

namespace Tuner.Cli.Tests.Running;

/// <summary>Sends a signal to one process, as a terminal would.</summary>
internal static partial class Signals
{
    public const int Interrupt = 2;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Send(int process, int signal);
}
