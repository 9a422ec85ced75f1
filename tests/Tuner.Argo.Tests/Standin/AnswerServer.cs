using System.Net;
using System.Text;

namespace Tuner.Argo.Tests.Standin;

/// <summary>
/// A small HTTP server on this machine, which stands where a candidate's pods would be where none run. It counts how often
/// it was asked for <c>/stats</c>, and tells so there.
/// </summary>
internal sealed class AnswerServer : IAsyncDisposable
{
    private static readonly TimeSpan Thinking = TimeSpan.FromMilliseconds(50);
    private readonly HttpListener listener = new();
    private readonly Task loop;
    private long requests;

    public AnswerServer()
    {
        Address = FreeAddress();
        listener.Prefixes.Add(Address + "");
        listener.Start();
        loop = ServeAsync();
    }

    public Uri Address { get; }

    /// <summary>The Authorization header of the last request.</summary>
    public string? Authorization { get; private set; }

    /// <summary>The most bytes that a request brought.</summary>
    public long LongestBody { get; private set; }

    /// <summary>How often it was asked about itself.</summary>
    public int Asked { get; private set; }

    public long Requests => Interlocked.Read(ref requests);

    /// <summary>An address of this machine at which nobody listens.</summary>
    public static Uri FreeAddress()
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}");
    }

    public async ValueTask DisposeAsync()
    {
        listener.Close();
        await loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ServeAsync()
    {
        while (listener.IsListening)
        {
            _ = AnswerAsync(await listener.GetContextAsync());
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        Interlocked.Increment(ref requests);
        Authorization = context.Request.Headers["Authorization"];
        LongestBody = Math.Max(LongestBody, context.Request.ContentLength64);
        await context.Request.InputStream.CopyToAsync(Stream.Null);
        await Task.Delay(Thinking, TimeProvider.System);
        context.Response.StatusCode = 200;
        await context.Response.OutputStream.WriteAsync(context.Request.Url!.AbsolutePath is "/stats" ? Encoding.UTF8.GetBytes($$"""{ "models": [ { "accuracy": 0.93 } ], "asked": {{++Asked}} }""") : "ok"u8.ToArray());
        context.Response.Close();
    }
}
