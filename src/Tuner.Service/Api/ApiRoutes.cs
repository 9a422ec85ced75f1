using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Tuner.Service.Api;

/// <summary>Every route of the service.</summary>
internal static class ApiRoutes
{
    public const string Root = "/api/v1";

    public static void MapTuner(this IEndpointRouteBuilder app)
    {
        app.MapHealth();
        app.MapOpenApi("/openapi/{documentName}.json");
        var api = app.MapGroup(Root).Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status429TooManyRequests);
        api.AddEndpointFilter(UnknownQuery.RefuseAsync);
        api.MapSweeps();
        api.MapTrials();
        api.MapReports();
        api.MapEvents();
        api.MapSchedules();
        api.MapGates();
        api.MapSubscriptions();
        api.MapPriceBooks();
        api.MapTargets();
        api.MapKeys();
        api.MapAudit();
    }
}
