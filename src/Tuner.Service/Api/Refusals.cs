using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Tuner.Core.Api;

namespace Tuner.Service.Api;

/// <summary>Describes what a route may be refused with.</summary>
internal static class Refusals
{
    /// <summary>Problems of these statuses, in the API's one form.</summary>
    public static T Refuses<T>(this T route, params int[] statuses)
        where T : IEndpointConventionBuilder
    {
        foreach (var status in statuses)
        {
            route.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(ApiProblem), ["application/problem+json"]));
        }

        return route;
    }
}
