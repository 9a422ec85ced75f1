using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Logging;
using Tuner.Service.Access;

namespace Tuner.Service.Notifications;

/// <summary>
/// Sends what is due. What is not taken is sent again with growing pauses; every attempt carries the same id
/// (<c>Tuner-Delivery</c>), so that a receiver that answered too late can leave the second one out.
/// </summary>
public sealed partial class Courier(Outbox outbox, HttpClient http, TimeProvider time, ILogger<Courier> logger)
{
    public const string DeliveryHeader = "Tuner-Delivery";
    public const string EventHeader = "Tuner-Event";
    private const int MostAttempts = 12;
    private const int AtOnce = 20;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    internal static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(10);

    /// <summary>Longer than any attempt: until then no other node makes it.</summary>
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(1);

    /// <summary>How long after so many attempts the next one is made; null after the last.</summary>
    public static TimeSpan? PauseAfter(int attempt) => attempt >= MostAttempts
        ? null
        : TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Min(attempt - 1, 20)));

    /// <summary>Sends what is due now.</summary>
    /// <returns>How many were taken.</returns>
    public async Task<int> SendDueAsync(CancellationToken cancellationToken)
    {
        var taken = 0;
        foreach (var delivery in await outbox.ClaimDueAsync(Claim, AtOnce, cancellationToken))
        {
            if (await TryAsync(delivery, cancellationToken) is { } problem)
            {
                NotTaken(logger, delivery.Event, delivery.Id, delivery.Attempt, problem);
                await outbox.FailedAsync(delivery.Id, problem, time.GetUtcNow() + PauseAfter(delivery.Attempt), cancellationToken);
            }
            else
            {
                taken++;
                await outbox.DeliveredAsync(delivery.Id, cancellationToken);
            }
        }

        return taken;
    }

    /// <summary>Why it was not taken; null where it was.</summary>
    private async Task<string?> TryAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(delivery, delivery.Open(), cancellationToken);
        }
        catch (SealException exception)
        {
            return exception.Message;
        }
    }

    private async Task<string?> SendAsync(Delivery delivery, Subscription to, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, to.Url) { Content = new StringContent(delivery.Payload, Encoding.UTF8, "application/json") };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("tuner", null));
        request.Headers.Add(DeliveryHeader, delivery.Id);
        request.Headers.Add(EventHeader, delivery.Event);
        switch (to.Kind)
        {
            case PayloadKind.Webhook:
                request.Headers.Add(WebhookSignature.Header, WebhookSignature.Of(to.Secret, time.GetUtcNow(), delivery.Payload));
                break;
            case PayloadKind.GitHub:
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", to.Secret);
                request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/vnd.github+json"));
                break;
        }

        using var patience = new CancellationTokenSource(Answer, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return response.IsSuccessStatusCode ? null : $"{to.Url.Host} answered {(int)response.StatusCode}";
        }
        catch (HttpRequestException exception)
        {
            return exception.HttpRequestError is HttpRequestError.Unknown ? $"{to.Url.Host}: {exception.Message}" : $"{to.Url.Host}: {exception.HttpRequestError}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{to.Url.Host}: no answer within {Answer.TotalSeconds:F0} s";
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Notification {Event} ({Id}) was not taken at attempt {Attempt}: {Problem}")]
    private static partial void NotTaken(ILogger logger, string @event, string id, int attempt, string problem);
}
