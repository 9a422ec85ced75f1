using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tuner.Core.Api;
using Tuner.Service.Access;
using Tuner.Service.Gate;

namespace Tuner.Service.Api;

/// <summary>What nights are compared with: accepted, listed, forgotten.</summary>
internal static class GatesApi
{
    public static void MapGates(this IEndpointRouteBuilder api)
    {
        api.MapPost("/sweeps/{id}/accept", AcceptAsync).WithTags("Gates").ForOperators().WithName("AcceptSweep").WithSummary("Accept a sweep's verified recommendation: nights are compared with it from now on").Refuses(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        var gates = api.MapGroup("/gates").WithTags("Gates");
        gates.MapGet("/", ListAsync).WithName("ListGates").WithSummary("Accepted configurations, and the gate's last word on each");
        gates.MapDelete("/{name}", ForgetAsync).ForOperators().WithName("ForgetGate").WithSummary("Compare nights with nothing; the next one searches again").Refuses(StatusCodes.Status404NotFound);
    }

    private static async Task<Results<Ok<GateView>, ProblemHttpResult>> AcceptAsync(
        string id, HttpContext context, SweepLookup lookup, NightlyGate gate, GateStore store, Caller caller, CancellationToken cancellationToken)
    {
        if (await lookup.FindAsync(id, caller, cancellationToken) is not { } found)
        {
            return Problems.NoSweep(id);
        }

        AuditTrail.Note(context, id, found.Stored.Project);
        return await gate.AcceptAsync(found.Stored, found.Sweep, cancellationToken) is { } problem
            ? Problems.Conflict(problem)
            : TypedResults.Ok(GateViews.Of((await store.ListAsync([found.Stored.Project], cancellationToken)).First(each => string.Equals(each.Name, found.Stored.Name, StringComparison.Ordinal))));
    }

    private static async Task<Ok<GateView[]>> ListAsync(GateStore store, Caller caller, [Description("Of this project.")] string? project = null, CancellationToken cancellationToken = default) =>
        TypedResults.Ok((await store.ListAsync(caller.Projects, cancellationToken)).Where(each => project is null || string.Equals(each.Project, project, StringComparison.Ordinal)).Select(GateViews.Of).ToArray());

    private static async Task<Results<NoContent, ProblemHttpResult>> ForgetAsync(
        string name, HttpContext context, GateStore store, Caller caller, [Description("Whose; where the key sees one project only, that one is meant.")] string? project = null, CancellationToken cancellationToken = default)
    {
        var of = project ?? caller.UsualProject;
        AuditTrail.Note(context, name, of);
        return caller.Sees(of) && await store.ForgetAsync(of, name, cancellationToken)
            ? TypedResults.NoContent()
            : Problems.NotFound($"Nothing is accepted under the name '{name}' in project '{of}', or this key does not see that project. GET /api/v1/gates lists what it sees.");
    }
}
