using System.Text.Json;
using Tuner.Core.Api;

namespace Tuner.Client;

/// <summary>Turns answers that are no success into <see cref="TunerApiException"/>, for every method alike.</summary>
internal sealed class ProblemHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const int MostShown = 300;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            throw new TunerApiException(response.StatusCode, Read(text, response));
        }
    }

    // What answers may be no Tuner at all: a proxy, or some other service.
    private static ApiProblem Read(string text, HttpResponseMessage response)
    {
        try
        {
            if (response.Content.Headers.ContentType?.MediaType is "application/problem+json" && JsonSerializer.Deserialize<ApiProblem>(text, ApiJson.Options) is { } problem)
            {
                return problem with { Errors = problem.Errors.IsDefault ? [] : problem.Errors };
            }
        }
        catch (JsonException)
        {
            // Told as text, below.
        }

        return new ApiProblem { Status = (int)response.StatusCode, Detail = $"The service answered {(int)response.StatusCode} {response.ReasonPhrase}: {(text.Length > MostShown ? text[..MostShown] : text)}" };
    }
}
