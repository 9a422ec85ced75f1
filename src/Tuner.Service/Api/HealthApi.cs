using System.Data.Common;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tuner.Service.Storage;

namespace Tuner.Service.Api;

/// <summary>For whoever keeps the service running: whether it lives, and whether it can work. Open to all; tells nothing else.</summary>
internal static class HealthApi
{
    public const string Root = "/health";
    public const string LivePath = Root + "/live";

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        var health = app.MapGroup("").WithTags("Health").AllowAnonymous();
        health.MapGet(LivePath, Live).WithName("Live").WithSummary("The process answers");
        health.MapGet(Root + "/ready", ReadyAsync).WithName("Ready").WithSummary("The database answers too")
            .Produces<string>(StatusCodes.Status200OK, "text/plain").Refuses(StatusCodes.Status503ServiceUnavailable);
    }

    public static ContentHttpResult Live() => TypedResults.Text("alive");

    public static ProblemHttpResult NotReady(string why) => Problems.Of(StatusCodes.Status503ServiceUnavailable, "not-ready", "The service cannot work now", why);

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> ReadyAsync(Database database, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.ConnectAsync(cancellationToken);
            await connection.ExecuteScalarAsync<long>("select count(*) from schema_steps");
            return TypedResults.Text("ready");
        }
        catch (Exception exception) when (exception is DbException or IOException or TimeoutException)
        {
            return NotReady("Its database does not answer. Running trials go on and are stored once it does.");
        }
    }
}
