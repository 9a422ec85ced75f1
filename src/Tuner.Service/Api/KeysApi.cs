using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tuner.Core.Api;
using Tuner.Service.Access;
using Tuner.Service.Storage;

namespace Tuner.Service.Api;

/// <summary>API keys: made, listed, revoked.</summary>
internal static class KeysApi
{
    public static void MapKeys(this IEndpointRouteBuilder api)
    {
        var keys = api.MapGroup("/keys").WithTags("Keys");
        keys.MapGet("/", ListAsync).ForAdmins().WithName("ListKeys").WithSummary("All keys, revoked ones too; never their secrets");
        keys.MapPost("/", CreateAsync).ForAdmins().WithName("CreateKey").WithSummary("Make a key; its secret is told this once").Refuses(StatusCodes.Status409Conflict);
        keys.MapDelete("/{id}", RevokeAsync).ForAdmins().WithName("RevokeKey").WithSummary("Revoke a key; it is refused from now on").Refuses(StatusCodes.Status404NotFound);
        api.MapGet("/whoami", WhoAmI).WithTags("Keys").WithName("WhoAmI").WithSummary("Whom the service takes the caller for");
    }

    private static async Task<Ok<KeyView[]>> ListAsync(KeyStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok((await store.ListAsync(cancellationToken)).Select(key => key.ToView()).ToArray());

    private static async Task<Results<Created<CreatedKey>, ProblemHttpResult>> CreateAsync(NewKey wanted, HttpContext context, KeyStore store, TimeProvider time, CancellationToken cancellationToken)
    {
        if (NewKeyCheck.Problem(wanted) is { } problem)
        {
            return Problems.BadRequest(problem);
        }

        // The first key ends the time in which this machine's user needs none: without an admin key nobody could make the next.
        if (wanted.Role is not KeyRole.Admin && !await store.AnyAsync(cancellationToken))
        {
            return Problems.Conflict("The first key must be an admin's: from then on every request needs a key, and only an admin can make another.");
        }

        var (key, secret) = ApiKey.Create(wanted, time.GetUtcNow());
        await store.AddAsync(key, cancellationToken);
        AuditTrail.Note(context, key.Id, "");
        return TypedResults.Created($"{ApiRoutes.Root}/keys/{key.Id}", new CreatedKey(key.ToView(), secret));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(string id, KeyStore store, TimeProvider time, CancellationToken cancellationToken) =>
        await store.RevokeAsync(id, time.GetUtcNow(), cancellationToken) ? TypedResults.NoContent() : Problems.NotFound($"There is no key '{id}' that is good. GET /api/v1/keys lists them.");

    private static Ok<Identity> WhoAmI(Caller caller) => TypedResults.Ok(new Identity(caller.Name, caller.Role, caller.Projects));
}
