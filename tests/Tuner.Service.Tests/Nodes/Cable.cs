using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Tuner.Service.Tests.Nodes;

/// <summary>A TCP connection to a server on this machine that a test can cut, and join again.</summary>
internal sealed class Cable : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<TcpClient> clients = [];
    private readonly int target;
    private volatile bool cut;

    public Cable(int target)
    {
        this.target = target;
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Ends what is connected, and answers nobody.</summary>
    public void Cut()
    {
        cut = true;
        foreach (var client in clients)
        {
            client.Dispose();
        }
    }

    public void Join() => cut = false;

    public void Dispose()
    {
        Cut();
        listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            TcpClient near;
            try
            {
                near = await listener.AcceptTcpClientAsync();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }

            if (cut)
            {
                near.Dispose();
                continue;
            }

            var far = new TcpClient();
            clients.Add(near);
            clients.Add(far);
            await far.ConnectAsync(IPAddress.Loopback, target);
            _ = PumpAsync(near, far);
            _ = PumpAsync(far, near);
        }
    }

    private static async Task PumpAsync(TcpClient from, TcpClient to)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream());
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or SocketException or InvalidOperationException)
        {
            // Cut, or closed by one side.
        }
        finally
        {
            from.Dispose();
            to.Dispose();
        }
    }
}
