using System.Net;
using System.Net.Sockets;

namespace Tuner.Load.Portable;

/// <summary>Opens connections to addresses that were judged: what is connected to is what was looked at.</summary>
public static class JudgedConnection
{
    /// <exception cref="HttpRequestException">None of the name's addresses may be connected to.</exception>
    public static async ValueTask<Stream> OpenAsync(DnsEndPoint endpoint, Func<IPEndPoint, bool> mayConnect, CancellationToken cancellationToken)
    {
        var resolved = await Dns.GetHostAddressesAsync(endpoint.Host, cancellationToken);
        var allowed = resolved.Select(address => new IPEndPoint(address, endpoint.Port)).FirstOrDefault(mayConnect)
            ?? throw new HttpRequestException($"'{endpoint.Host}' is {string.Join(", ", resolved.Select(address => address.ToString()))}, and nothing may be sent there from here.");
        var socket = new Socket(allowed.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
