using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tuner.Core.Api;
using Tuner.Service.Access;
using Tuner.Service.Storage;

namespace Tuner.Service.Api;

/// <summary>Who did what.</summary>
internal static class AuditApi
{
    private const int MostEntries = 500;

    public static void MapAudit(this IEndpointRouteBuilder api) =>
        api.MapGet("/audit", ListAsync).WithTags("Audit").ForAdmins().WithName("ListAudit").WithSummary("Every request that would change something, refused ones too, newest first");

    private static async Task<Results<Ok<Page<AuditView>>, ProblemHttpResult>> ListAsync(AuditStore store, [Description(Paging.After)] string? after = null, [Description(Paging.Limit)] int limit = 100, CancellationToken cancellationToken = default)
    {
        if (limit is < 1 or > MostEntries)
        {
            return Problems.BadRequest($"limit: {limit} is out of range. Write 1 to {MostEntries}.");
        }

        if (after is not null && !Guid.TryParse(after, out _))
        {
            return Problems.BadRequest($"after: '{after}' is no place in the list. Send the next of the page before.");
        }

        var entries = await store.ListAsync(after, limit + 1, cancellationToken);
        return TypedResults.Ok(new Page<AuditView>([.. entries.Take(limit)], entries.Length > limit ? entries[limit - 1].Id : null));
    }
}
