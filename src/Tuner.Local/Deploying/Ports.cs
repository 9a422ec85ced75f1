using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Tuner.Local.Deploying;

/// <summary>
/// Gives out ports that nobody listens on, from below the range that the kernel takes for outgoing connections: a
/// connection of the load generator can never sit on a port that a candidate was promised.
/// </summary>
internal static class Ports
{
    private const int First = 18_000;
    private const int Count = 12_000;
    private static readonly Lock Gate = new();
    private static int next = Environment.ProcessId * 61 % Count;

    /// <summary>So many different free ports, not given out lately.</summary>
    public static IReadOnlyList<int> Allocate(int count)
    {
        lock (Gate)
        {
            var ports = new List<int>();
            for (var attempt = 0; attempt < Count && ports.Count < count; attempt++)
            {
                next = (next + 1) % Count;
                if (IsFree(First + next))
                {
                    ports.Add(First + next);
                }
            }

            return ports.Count == count ? ports : throw new InvalidOperationException($"There are no {count} free ports between {First} and {First + Count - 1}.");
        }
    }

    public static bool IsFree(int port)
    {
        var family = Socket.OSSupportsIPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        using var socket = new Socket(family, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (family is AddressFamily.InterNetworkV6)
            {
                socket.DualMode = true;
            }

            socket.Bind(new IPEndPoint(family is AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, port));
            socket.Listen(1);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Whether somebody listens on the port and it is certainly none of these processes.</summary>
    public static bool IsHeldByAnother(int port, IEnumerable<int> processes)
    {
        var sockets = Listeners(port);
        if (sockets.Count == 0)
        {
            return false;
        }

        foreach (var process in processes)
        {
            try
            {
                if (Directory.EnumerateFiles($"/proc/{process}/fd").Any(file => new FileInfo(file).LinkTarget is { } target && sockets.Contains(target)))
                {
                    return false;
                }
            }
            catch (UnauthorizedAccessException)
            {
                // A process that may not be looked into could be the one.
                return false;
            }
            catch (IOException)
            {
                // It ended meanwhile.
            }
        }

        return true;
    }

    /// <summary>Sockets listening on the port, as the links in <c>/proc/PID/fd</c> name them (proc_pid_net(5)).</summary>
    private static HashSet<string> Listeners(int port)
    {
        const string listening = "0A";
        var suffix = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        var sockets = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in new[] { "/proc/net/tcp", "/proc/net/tcp6" }.Where(File.Exists))
        {
            foreach (var line in File.ReadLines(file))
            {
                var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (fields.Length > 9 && fields[1].EndsWith(suffix, StringComparison.Ordinal) && fields[3] is listening)
                {
                    sockets.Add($"socket:[{fields[9]}]");
                }
            }
        }

        return sockets;
    }
}
