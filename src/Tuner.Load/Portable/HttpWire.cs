using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using Tuner.Core.Loads;
using Tuner.Load.Looping;

namespace Tuner.Load.Portable;

/// <summary>The portable engine: .NET's SocketsHttpHandler, for TLS, HTTP/2 and systems without epoll. Answers are timed where they end, on the thread pool.</summary>
internal sealed class HttpWire : IWire
{
    // Waits are as coarse as this; what remains is spent yielding.
    private const long Coarse = 1_500_000;

    private readonly LoadProfile profile;
    private readonly Uri[] targets;
    private readonly HttpMessageInvoker client;
    private readonly ConcurrentQueue<Completion> happened = new();
    private readonly ManualResetEventSlim signal = new(initialState: false, spinCount: 0);
    private readonly CancellationTokenSource?[] bySlot;
    private readonly bool yields;
    private int underWay;

    public HttpWire(LoadProfile profile, LoadOptions options, IReadOnlyList<Uri> endpoints, int slots)
    {
        this.profile = profile;
        yields = options.Pacing is not LoadPacing.Economical;
        targets = [.. endpoints.Select(endpoint => new Uri(endpoint, endpoint.AbsolutePath.TrimEnd('/') + profile.Request.Path))];
        bySlot = new CancellationTokenSource?[slots];
        client = new HttpMessageInvoker(CreateHandler(profile, options));
    }

    public long Now => MonotonicClock.Now;

    public int OpenConnections => Volatile.Read(ref underWay);

    public long? IdleNanoseconds => null;

    public void Send(int slot, long ticket, int endpoint, int body, bool fresh = false)
    {
        // Not disposed: it has no timer, and its slot may still want to cancel it.
        var cancel = new CancellationTokenSource();
        bySlot[slot] = cancel;
        Interlocked.Increment(ref underWay);
        _ = SendAsync(slot, ticket, endpoint, body, cancel);
    }

    public void Abandon(int slot, long ticket)
    {
        bySlot[slot]?.Cancel();
        bySlot[slot] = null;
    }

    public bool Next(long until, long spin, out Completion completion)
    {
        while (!happened.TryDequeue(out completion))
        {
            var rest = until - Now;
            if (rest <= 0)
            {
                return false;
            }

            signal.Reset();
            if (!happened.IsEmpty)
            {
                continue;
            }

            if (rest > Coarse || !yields)
            {
                signal.Wait((int)Math.Max(1, (rest - (yields ? Coarse : 0)) / 1_000_000));
            }
            else
            {
                Thread.Yield();
            }
        }

        return true;
    }

    public void Dispose()
    {
        foreach (var cancel in bySlot)
        {
            cancel?.Cancel();
        }

        client.Dispose();
    }

    private static SocketsHttpHandler CreateHandler(LoadProfile profile, LoadOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            MaxConnectionsPerServer = profile.Connections.Max,
            EnableMultipleHttp2Connections = true,
            UseCookies = false,
            UseProxy = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            PooledConnectionLifetime = profile.Connections.Reuse ? Timeout.InfiniteTimeSpan : TimeSpan.Zero,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        };
        if (options.AcceptAnyCertificate)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        }

        if (options.MayConnect is { } mayConnect)
        {
            handler.ConnectCallback = (context, cancellationToken) => JudgedConnection.OpenAsync(context.DnsEndPoint, mayConnect, cancellationToken);
        }

        return handler;
    }

    private async Task SendAsync(int slot, long ticket, int endpoint, int body, CancellationTokenSource cancel)
    {
        // Off the loop's thread at once: it has the next send time to keep.
        await Task.Yield();
        Completion completion;
        try
        {
            using var request = RequestMessage.Create(profile, targets[endpoint], body);
            using var response = await client.SendAsync(request, cancel.Token);
            completion = await ReadAsync(slot, ticket, response, cancel.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            completion = new Completion(slot, ticket, CompletionKind.Failed, Now, Error: ErrorOf(exception), Limit: LimitOf(exception));
        }
        finally
        {
            Interlocked.Decrement(ref underWay);
        }

        Report(completion);
    }

    private async Task<Completion> ReadAsync(int slot, long ticket, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        var events = default(EventScanner);
        try
        {
            while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var count)
            {
                for (var ended = profile.Request.Streams ? events.Scan(buffer.AsSpan(0, count)) : 0; ended > 0; ended--)
                {
                    Report(new Completion(slot, ticket, CompletionKind.Event, Now));
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return profile.Request.Protocol is HttpProtocol.Grpc && GrpcCall.StatusOf(response) is > 0 and var status
            ? new Completion(slot, ticket, CompletionKind.Failed, Now, status, WireError.Grpc)
            : new Completion(slot, ticket, CompletionKind.Response, Now, (int)response.StatusCode);
    }

    private void Report(in Completion completion)
    {
        happened.Enqueue(completion);
        signal.Set();
    }

    private static WireError ErrorOf(Exception exception) => exception switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } => WireError.Connect,
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.HttpProtocolError or HttpRequestError.VersionNegotiationError } => WireError.Protocol,
        HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError } => WireError.Protocol,
        _ => WireError.Closed,
    };

    private static WireLimit LimitOf(Exception exception) =>
        (exception.InnerException as System.Net.Sockets.SocketException)?.SocketErrorCode switch
        {
            System.Net.Sockets.SocketError.TooManyOpenSockets => WireLimit.Descriptors,
            System.Net.Sockets.SocketError.AddressNotAvailable => WireLimit.Ports,
            _ => WireLimit.None,
        };
}
