using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tuner.Core.Api;
using Tuner.Service.Storage;

namespace Tuner.Service.Api;

/// <summary>What submitted sweeps may start. Templates are registered on the service's machine, never over REST.</summary>
internal static class TargetsApi
{
    public static void MapTargets(this IEndpointRouteBuilder api) =>
        api.MapGet("/targets", ListAsync).WithTags("Targets").WithName("ListTargets").WithSummary("Registered target templates: the commands that sweeps may have, and the values they may fill in");

    private static async Task<Ok<TargetView[]>> ListAsync(TargetTemplateStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok((await store.ListAsync(cancellationToken)).Select(template => template.ToView()).ToArray());
}
