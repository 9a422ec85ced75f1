using System.Net;

namespace Tuner.Local.Deploying;

/// <summary>Asks a path until it answers with a success. Redirects are no success; connections are not kept.</summary>
internal sealed class ReadinessProbe : IDisposable
{
    private static readonly TimeSpan OneProbe = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);
    private readonly TimeProvider time;
    private readonly HttpClient client;

    public ReadinessProbe(TimeProvider time)
    {
        this.time = time;
        client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Returns when it is ready. Null then, or the last answer in words when <paramref name="giveUp"/> completes first.</summary>
    public async Task<string?> WaitAsync(Uri url, Task giveUp, CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        var answer = "no answer yet";
        while (!giveUp.IsCompleted)
        {
            var attempt = AskAsync(url, cancellationToken);
            if (await Task.WhenAny(attempt, giveUp) == giveUp)
            {
                break;
            }

            answer = await attempt;
            if (answer.Length == 0)
            {
                return null;
            }

            await Task.WhenAny(Task.Delay(pause, time, cancellationToken), giveUp);
            cancellationToken.ThrowIfCancellationRequested();
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }

        return answer;
    }

    public void Dispose() => client.Dispose();

    /// <summary>Empty for a success, else what came instead.</summary>
    private async Task<string> AskAsync(Uri url, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(OneProbe);
        try
        {
            using var response = await client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            return response.StatusCode is >= HttpStatusCode.OK and < HttpStatusCode.Ambiguous ? "" : $"status {(int)response.StatusCode}";
        }
        catch (HttpRequestException error)
        {
            return error.HttpRequestError is HttpRequestError.ConnectionError ? "nobody listens" : error.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"no answer within {OneProbe.TotalSeconds:0} s";
        }
    }
}
