using System.Globalization;
using Tuner.Local.Processes;

namespace Tuner.Service.Engine;

/// <summary>
/// One start of one Tuner process, written <c>HOST/BOOT-NAMESPACE/PID-START</c>: never used twice, and whoever reads it
/// can tell on the same machine whether that process is still alive.
/// </summary>
public static class NodeIdentity
{
    private const int BootLength = 8;

    // Before what uses it: initialisers run in the order in which they are written.
    private static string Place { get; } = OperatingSystem.IsLinux() ? $"{Boot()}-{ProcessNamespace()}" : Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);

    /// <summary>This process.</summary>
    public static string Current { get; } = $"{Environment.MachineName}/{Place}/{Owner.Current}";

    /// <summary>The machine's name in an identity.</summary>
    public static string HostOf(string node) => node.Split('/')[0];

    /// <summary>True when that process ran on this very machine since its last start, in these process ids, and is no more.</summary>
    public static bool IsKnownDead(string node) =>
        node.Split('/') is [var host, var place, var owner]
        && string.Equals(host, Environment.MachineName, StringComparison.Ordinal)
        && string.Equals(place, Place, StringComparison.Ordinal)
        && Owner.Parse(owner) is { IsAlive: false };

    /// <summary>True when the node ran on the host of this name before the host was started again, so that nothing of it runs any more.</summary>
    public static bool IsOfAnEarlierStart(string node) =>
        node.Split('/') is [var host, { Length: > BootLength } place, _]
        && string.Equals(host, Environment.MachineName, StringComparison.Ordinal)
        && !string.Equals(place[..BootLength], Place[..BootLength], StringComparison.Ordinal);

    private static string Boot() => File.ReadAllText("/proc/sys/kernel/random/boot_id")[..BootLength];

    // pid:[4026531836]
    private static string ProcessNamespace() => string.Concat((new FileInfo("/proc/self/ns/pid").LinkTarget ?? "").Where(char.IsAsciiDigit));
}
