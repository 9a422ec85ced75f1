using System.Diagnostics.CodeAnalysis;

namespace Tuner.Argo.Kubernetes;

/// <summary>
/// Ends requests that a server took and never answers, as after a connection that died without a word: an answer has to
/// begin in time and, but for a watch, to be there whole in time. It counts as a server that cannot be reached.
/// </summary>
/// <param name="streams">Whoever asks reads the answers piece by piece, and minds how long that takes.</param>
internal sealed class AnswerLimit(HttpMessageHandler inner, TimeProvider time, bool streams = false) : DelegatingHandler(inner)
{
    /// <summary>Until an answer begins: an API server that lives gives a request up after 60 s, and says so.</summary>
    public static readonly TimeSpan Begin = TimeSpan.FromSeconds(70);

    /// <summary>Until it is whole: a page of Workflows with their measurements may be many megabytes.</summary>
    public static readonly TimeSpan Whole = TimeSpan.FromMinutes(2);

    [SuppressMessage("Reliability", "CA2000", Justification = "The answer belongs to the caller.")]
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(Begin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        HttpResponseMessage? answer = null;
        try
        {
            answer = await base.SendAsync(request, either.Token);
            late.CancelAfter(Whole);
            if (!streams && !IsWatch(request))
            {
                await answer.Content.LoadIntoBufferAsync(either.Token);
            }

            return answer;
        }
        catch (Exception exception) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            var limit = answer is null ? Begin : Whole;
            answer?.Dispose();
            throw new HttpRequestException($"the server took the request and did not answer within {limit.TotalSeconds:0} s", exception);
        }
        catch
        {
            answer?.Dispose();
            throw;
        }
    }

    /// <summary>A watch is silent for as long as nothing happens; whoever reads it knows when it has to end.</summary>
    private static bool IsWatch(HttpRequestMessage request) => request.RequestUri!.Query.Contains("watch=1", StringComparison.Ordinal);
}
