using System.Net;
using System.Net.Sockets;

namespace Tuner.Argo.Tests.Cluster;

/// <summary>A line to the API server that can be cut and mended: bytes are passed on as they are, encrypted.</summary>
internal sealed class CuttableLine : IAsyncDisposable
{
    private readonly Uri server;
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Lock gate = new();
    private readonly List<TcpClient> open = [];
    private readonly Task loop;
    private bool cut;

    public CuttableLine(Uri server)
    {
        this.server = server;
        listener.Start();
        loop = AcceptAsync();
    }

    public Uri Address => new($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    /// <summary>Ends every connection; new ones are ended at once.</summary>
    public void Cut()
    {
        lock (gate)
        {
            cut = true;
            open.ForEach(client => client.Dispose());
            open.Clear();
        }
    }

    public void Mend()
    {
        lock (gate)
        {
            cut = false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        Cut();
        await loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            _ = PassAsync(await listener.AcceptTcpClientAsync());
        }
    }

    private async Task PassAsync(TcpClient near)
    {
        using var far = new TcpClient();
        using (near)
        {
            lock (gate)
            {
                if (cut)
                {
                    return;
                }

                open.AddRange([near, far]);
            }

            try
            {
                await far.ConnectAsync(server.Host, server.Port);
                await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream()), far.GetStream().CopyToAsync(near.GetStream()));
            }
            catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // Cut, or closed at either end.
            }
        }
    }
}
