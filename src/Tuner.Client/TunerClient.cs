using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using RestEase;
using Tuner.Core.Api;

namespace Tuner.Client;

/// <summary>
/// A connection to a Tuner service. The one place where the REST client is put together.
/// </summary>
public sealed class TunerClient : IDisposable
{
    private readonly HttpClient http;

    /// <param name="url">The service's address, <c>http://127.0.0.1:8686</c>.</param>
    /// <param name="key">The API key; null where the service asks for none.</param>
    /// <param name="handler">Sends the requests; null for the usual one.</param>
    public TunerClient(Uri url, string? key = null, HttpMessageHandler? handler = null)
    {
        // A redirect could take the key elsewhere.
        http = new HttpClient(new ProblemHandler(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false }))
        {
            BaseAddress = new Uri(url.AbsoluteUri.TrimEnd('/') + "/"),
        };
        if (!string.IsNullOrEmpty(key))
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        Api = new RestClient(http) { ResponseDeserializer = new WireReader(), RequestBodySerializer = new WireWriter() }.For<ITunerApi>();
    }

    public ITunerApi Api { get; }

    /// <summary>Progress as it comes: first where the sweep and its trials stand, then every change; ends with the sweep.</summary>
    /// <exception cref="HttpRequestException">The connection broke; the sweep goes on without it.</exception>
    public async IAsyncEnumerable<SweepEventView> WatchAsync(string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/v1/sweeps/{Uri.EscapeDataString(id)}/events");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var parser = SseParser.Create(stream, (_, data) => JsonSerializer.Deserialize<SweepEventView>(data, ApiJson.Options));
        await foreach (var item in parser.EnumerateAsync(cancellationToken))
        {
            if (item.Data is { } happened)
            {
                yield return happened;
            }
        }
    }

    /// <summary>Whether the service can work: null, or why not.</summary>
    public async Task<string?> NotReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(new Uri("health/ready", UriKind.Relative), cancellationToken);
            return null;
        }
        catch (Exception exception) when (exception is TunerApiException or HttpRequestException)
        {
            return exception.Message;
        }
    }

    public void Dispose() => http.Dispose();
}
