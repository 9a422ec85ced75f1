using System.Globalization;
using System.Net;

namespace Tuner.Service.Access;

/// <summary>
/// Who holds the other end of a loopback connection. Any user of a machine can reach a loopback port; without keys, only
/// the one that runs the service (and root) may use it.
/// </summary>
internal static class LocalPeer
{
    private const int LocalAddressColumn = 1;
    private const int UserColumn = 7;

    /// <summary>True where the connection comes from a process of this user or of root, or where that cannot be told (not Linux).</summary>
    public static bool IsThisUser(IPAddress address, int port)
    {
        if (!OperatingSystem.IsLinux())
        {
            return true;
        }

        return UserOf(address, port) is { } user && (user == 0 || user == EffectiveUser());
    }

    private static uint? UserOf(IPAddress address, int port)
    {
        // A client may hold a version 6 socket that speaks version 4, so both tables are looked through.
        var wanted = new[] { Hex(address.MapToIPv4(), port), Hex(address.MapToIPv6(), port) };
        return new[] { "/proc/self/net/tcp", "/proc/self/net/tcp6" }
            .Where(File.Exists)
            .SelectMany(File.ReadLines)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(columns => columns.Length > UserColumn && wanted.Contains(columns[LocalAddressColumn], StringComparer.Ordinal))
            .Select(columns => uint.Parse(columns[UserColumn], CultureInfo.InvariantCulture))
            .Cast<uint?>()
            .FirstOrDefault();
    }

    /// <summary>As the kernel prints it: words of four bytes, each in the machine's order.</summary>
    private static string Hex(IPAddress address, int port)
    {
        var bytes = address.GetAddressBytes();
        var words = Enumerable.Range(0, bytes.Length / 4).Select(index => BitConverter.ToUInt32(bytes, index * 4).ToString("X8", CultureInfo.InvariantCulture));
        return $"{string.Concat(words)}:{port:X4}";
    }

    // "Uid:", then real, effective, saved and file system user.
    private static uint EffectiveUser() => uint.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[2], CultureInfo.InvariantCulture);
}
