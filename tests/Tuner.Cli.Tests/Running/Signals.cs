using System.Globalization;
using System.Runtime.InteropServices;

namespace Tuner.Cli.Tests.Running;

/// <summary>Sends a signal to one process, as a terminal would.</summary>
internal static partial class Signals
{
    /// <summary>SIGINT as Ctrl-C sends it; SIGTERM where this process, and so what it starts, ignores SIGINT (a job in the background of a script).</summary>
    public static int Interrupt { get; } = IgnoresInterrupt() ? 15 : 2;

    private static bool IgnoresInterrupt()
    {
        const string field = "SigIgn:";
        var ignored = File.ReadLines("/proc/self/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
        return (ulong.Parse(ignored[field.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & 0b10) != 0;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Send(int process, int signal);
}
