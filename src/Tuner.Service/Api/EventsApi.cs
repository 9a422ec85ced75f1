using System.Net.ServerSentEvents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tuner.Core.Api;
using Tuner.Service.Access;

namespace Tuner.Service.Api;

/// <summary>Progress as server-sent events.</summary>
internal static class EventsApi
{
    public static void MapEvents(this IEndpointRouteBuilder api)
    {
        api.MapGet("/sweeps/{id}/events", WatchAsync).WithTags("Sweeps").WithName("WatchSweep").RequireRateLimiting(RateLimits.Streams)
            .WithSummary("Progress as server-sent events, until the sweep has ended; first where it stands now")
            .Produces<SweepEventView>(StatusCodes.Status200OK, "text/event-stream").Refuses(StatusCodes.Status404NotFound);
    }

    private static async Task<Results<ServerSentEventsResult<SweepEventView>, ProblemHttpResult>> WatchAsync(
        string id, SweepLookup sweeps, SweepWatch watch, Caller caller, CancellationToken cancellationToken)
    {
        if (await sweeps.StoredAsync(id, caller, cancellationToken) is not { } stored)
        {
            return Problems.NoSweep(id);
        }

        return TypedResults.ServerSentEvents(Framed(watch.FollowAsync(stored.Id, cancellationToken)));
    }

    private static async IAsyncEnumerable<SseItem<SweepEventView>> Framed(IAsyncEnumerable<SweepEventView> events)
    {
        await foreach (var happened in events)
        {
            yield return new SseItem<SweepEventView>(happened, happened.Kind);
        }
    }
}
