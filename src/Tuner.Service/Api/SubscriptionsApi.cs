using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tuner.Core.Api;
using Tuner.Service.Access;
using Tuner.Service.Notifications;

namespace Tuner.Service.Api;

/// <summary>Who is told of a project's events: made, listed, tried, removed; all by admins.</summary>
internal static class SubscriptionsApi
{
    private const int IdBytes = 6;
    private const int SecretBytes = 32;

    public static void MapSubscriptions(this IEndpointRouteBuilder api)
    {
        var subscriptions = api.MapGroup("/subscriptions").WithTags("Subscriptions");
        subscriptions.MapGet("/", ListAsync).ForAdmins().WithName("ListSubscriptions").WithSummary("Whom this service tells of events, and what still waits; never an address's path or a secret");
        subscriptions.MapPost("/", SubscribeAsync).ForAdmins().WithName("Subscribe").WithSummary("Tell a receiver of a project's events: sweeps that end, and what the gate says of a night").Refuses(StatusCodes.Status409Conflict);
        subscriptions.MapPost("/{id}/ping", PingAsync).ForAdmins().WithName("PingSubscription").WithSummary("Send an event of its own, within seconds; whether it was taken is listed").Refuses(StatusCodes.Status404NotFound);
        subscriptions.MapDelete("/{id}", RemoveAsync).ForAdmins().WithName("Unsubscribe").WithSummary("Tell a receiver of nothing any more, nor of what still waits").Refuses(StatusCodes.Status404NotFound);
    }

    private static async Task<Ok<SubscriptionView[]>> ListAsync(SubscriptionStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok((await store.ListAsync(cancellationToken)).Select(View).ToArray());

    private static async Task<Results<Created<CreatedSubscription>, ProblemHttpResult>> SubscribeAsync(
        NewSubscription wanted, HttpContext context, SubscriptionStore store, SubscriptionCheck check, Caller caller, TimeProvider time, CancellationToken cancellationToken)
    {
        var project = wanted.Project ?? caller.UsualProject;
        if (!Enum.TryParse<PayloadKind>(wanted.Kind, ignoreCase: true, out var kind) || !Enum.IsDefined(kind) || char.IsAsciiDigit(wanted.Kind[0]))
        {
            return Problems.BadRequest($"kind: '{wanted.Kind}' is none. Write webhook, slack or gitHub.");
        }

        if (await check.ProblemAsync(project, wanted.Url, kind, wanted.Secret, cancellationToken) is { } problem)
        {
            return Problems.BadRequest(problem);
        }

        var made = kind is PayloadKind.Webhook && string.IsNullOrEmpty(wanted.Secret) ? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes)) : null;
        var subscription = new Subscription(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes)), project, new Uri(wanted.Url), kind, made ?? wanted.Secret ?? "");
        try
        {
            await store.AddAsync(subscription, cancellationToken);
        }
        catch (SealException exception)
        {
            return Problems.Conflict(exception.Message);
        }

        AuditTrail.Note(context, subscription.Id, project);
        var view = View(new ListedSubscription(subscription.Id, project, subscription.Url.GetLeftPart(UriPartial.Authority), kind, time.GetUtcNow(), 0, null));
        return TypedResults.Created($"{ApiRoutes.Root}/subscriptions/{subscription.Id}", new CreatedSubscription(view, made));
    }

    private static async Task<Results<Accepted, ProblemHttpResult>> PingAsync(string id, Outbox outbox, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var ping = new NotifiedEvent(string.Create(CultureInfo.InvariantCulture, $"ping {now.ToUnixTimeMilliseconds()}"), NotifiedEvent.Ping, "", "", "tuner", "This is what an event looks like.", now);
        return await outbox.PutAsync(ping, id, cancellationToken) ? TypedResults.Accepted((string?)null) : None(id);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(string id, SubscriptionStore store, CancellationToken cancellationToken) =>
        await store.RemoveAsync(id, cancellationToken) ? TypedResults.NoContent() : None(id);

    private static ProblemHttpResult None(string id) => Problems.NotFound($"There is no subscription '{id}'. GET /api/v1/subscriptions lists them.");

    private static SubscriptionView View(ListedSubscription listed) => new()
    {
        Id = listed.Id,
        Project = listed.Project,
        Kind = listed.Kind switch
        {
            PayloadKind.Slack => "slack",
            PayloadKind.GitHub => "gitHub",
            _ => "webhook",
        },
        Host = listed.Host,
        CreatedAt = listed.CreatedAt,
        Waiting = listed.Waiting,
        Problem = listed.Problem,
    };
}
