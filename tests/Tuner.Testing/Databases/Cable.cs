using System.Net;
using System.Net.Sockets;

namespace Tuner.Testing.Databases;

/// <summary>A TCP connection to a server on this machine that a test can cut, and join again.</summary>
public sealed class Cable : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> clients = [];
    private readonly Lock guard = new();
    private readonly int target;
    private bool cut;

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
        lock (guard)
        {
            cut = true;
            clients.ForEach(client => client.Dispose());
            clients.Clear();
        }
    }

    public void Join()
    {
        lock (guard)
        {
            cut = false;
        }
    }

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

            _ = ConnectAsync(near, new TcpClient());
        }
    }

    /// <summary>One connection, from end to end; cut at any moment, it leaves the others and the listener alone.</summary>
    private async Task ConnectAsync(TcpClient near, TcpClient far)
    {
        try
        {
            if (Plugged(near, far))
            {
                await far.ConnectAsync(IPAddress.Loopback, target);
                await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream()), far.GetStream().CopyToAsync(near.GetStream()));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut while it was being connected.
        }
        finally
        {
            near.Dispose();
            far.Dispose();
        }
    }

    private bool Plugged(TcpClient near, TcpClient far)
    {
        lock (guard)
        {
            if (!cut)
            {
                clients.AddRange([near, far]);
            }

            return !cut;
        }
    }
}
