using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tuner.Load.Tests.Engines;

/// <summary>An HTTP server that answers with the bytes it is told to, piece by piece, and remembers what it was asked.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly Func<string, int, Reply> script;
    private readonly Task accepting;
    private int requests;
    private int connections;

    /// <param name="script">From the text of a request and its number (from 0) to the reply.</param>
    public ScriptedServer(Func<string, int, Reply> script)
    {
        this.script = script;
        listener.Start(2048);
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        accepting = AcceptAsync();
    }

    public Uri Address { get; }

    public int Requests => requests;

    public int Connections => connections;

    /// <summary>The text of the last request.</summary>
    public string LastRequest { get; private set; } = "";

    public static Reply Ok(string body = "hello") => new($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}");

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await accepting;
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(stopping.Token);
                Interlocked.Increment(ref connections);
                _ = ServeAsync(client);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var owned = client;
        client.NoDelay = true;
        try
        {
            var stream = client.GetStream();
            while (await ReadRequestAsync(stream) is { } request)
            {
                LastRequest = request;
                var reply = script(request, Interlocked.Increment(ref requests) - 1);
                foreach (var piece in reply.Pieces)
                {
                    await stream.WriteAsync(piece, stopping.Token);
                    await stream.FlushAsync(stopping.Token);
                }

                if (reply.Hangs)
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stopping.Token);
                }

                if (reply.Resets)
                {
                    client.LingerState = new LingerOption(true, 0);
                }

                if (reply.Closes || reply.Resets)
                {
                    return;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or SocketException)
        {
            // The client left, or the test is over.
        }
    }

    private async Task<string?> ReadRequestAsync(NetworkStream stream)
    {
        var received = new List<byte>();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var text = Encoding.Latin1.GetString([.. received]);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0 && received.Count >= end + 4 + LengthIn(text))
            {
                return text;
            }

            var count = await stream.ReadAsync(buffer, stopping.Token);
            if (count == 0)
            {
                return null;
            }

            received.AddRange(buffer.AsSpan(0, count));
        }
    }

    private static int LengthIn(string head)
    {
        const string name = "content-length: ";
        var at = head.IndexOf(name, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? 0 : int.Parse(head[(at + name.Length)..head.IndexOf('\r', at)]);
    }
}

/// <summary>What the server writes, in pieces, and what it does with the connection afterwards.</summary>
internal sealed record Reply(IReadOnlyList<byte[]> Pieces)
{
    public Reply(string text)
        : this([Encoding.Latin1.GetBytes(text)])
    {
    }

    public bool Closes { get; init; }

    public bool Resets { get; init; }

    public bool Hangs { get; init; }

    /// <summary>The same bytes, one at a time.</summary>
    public Reply ByteByByte() => this with { Pieces = [.. Pieces.SelectMany(piece => piece).Select(value => new[] { value })] };
}
