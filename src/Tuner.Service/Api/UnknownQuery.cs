using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Tuner.Core.Definitions;

namespace Tuner.Service.Api;

/// <summary>
/// Refuses a query parameter that a route does not know: left out silently, <c>dry-run=true</c> would start a sweep, and
/// <c>cursor=…</c> bring the first page for ever.
/// </summary>
internal static class UnknownQuery
{
    public static async ValueTask<object?> RefuseAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        if (request.Query.Count == 0)
        {
            return await next(context);
        }

        var known = Known(context.HttpContext.GetEndpoint()!);
        return request.Query.Keys.FirstOrDefault(key => !known.Contains(key, StringComparer.OrdinalIgnoreCase)) is { } unknown
            ? Problems.BadRequest($"{unknown}: {request.Method} {request.Path} has no such query parameter. {(known.Count == 0 ? "It has none." : Spelling.Hint(unknown, known))}")
            : await next(context);
    }

    private static List<string> Known(Endpoint endpoint)
    {
        var route = (endpoint as RouteEndpoint)?.RoutePattern.Parameters.Select(parameter => parameter.Name).ToHashSet(StringComparer.OrdinalIgnoreCase) ?? [];
        return [.. endpoint.Metadata.GetOrderedMetadata<IParameterBindingMetadata>().Where(IsText).Select(parameter => parameter.Name).Where(name => !route.Contains(name))];
    }

    private static bool IsText(IParameterBindingMetadata parameter) =>
        parameter.ParameterInfo.GetCustomAttribute<FromHeaderAttribute>() is null
        && (parameter.HasTryParse || parameter.ParameterInfo.ParameterType == typeof(string) || parameter.ParameterInfo.ParameterType == typeof(string[]));
}
