using System.Net.ServerSentEvents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Tuner.Core.Api;
using Tuner.Service.Access;

namespace Tuner.Service.Api;

/// <summary>Progress as server-sent events.</summary>
internal static class EventsApi
{
    /// <summary>The id of the last event of all. A reader who connects again behind it, as browsers do by themselves, is told to stop.</summary>
    private const string Ended = "ended";

    public static void MapEvents(this IEndpointRouteBuilder api)
    {
        api.MapGet("/sweeps/{id}/events", WatchAsync).WithTags("Sweeps").WithName("WatchSweep").RequireRateLimiting(RateLimits.Streams)
            .WithSummary("Progress as server-sent events, until the sweep has ended; first where it stands now; 204 for a reader whose Last-Event-ID says that it has seen the end")
            .Produces<SweepEventView>(StatusCodes.Status200OK, "text/event-stream").Refuses(StatusCodes.Status404NotFound);
    }

    private static async Task<Results<ServerSentEventsResult<SweepEventView>, NoContent, ProblemHttpResult>> WatchAsync(
        string id, [FromHeader(Name = "Last-Event-ID")] string? last, SweepLookup sweeps, SweepWatch watch, Caller caller, CancellationToken cancellationToken)
    {
        if (await sweeps.StoredAsync(id, caller, cancellationToken) is not { } stored)
        {
            return Problems.NoSweep(id);
        }

        if (stored.HasEnded && last is Ended)
        {
            return TypedResults.NoContent();
        }

        return TypedResults.ServerSentEvents(Framed(watch.FollowAsync(stored.Id, cancellationToken)));
    }

    private static async IAsyncEnumerable<SseItem<SweepEventView>> Framed(IAsyncEnumerable<SweepEventView> events)
    {
        await foreach (var happened in events)
        {
            yield return new SseItem<SweepEventView>(happened, happened.Kind) { EventId = happened.Sweep is { HasEnded: true } ? Ended : null };
        }
    }
}
