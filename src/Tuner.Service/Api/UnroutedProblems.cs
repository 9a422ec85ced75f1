using Microsoft.AspNetCore.Http;

namespace Tuner.Service.Api;

/// <summary>Words for requests that no route takes.</summary>
internal static class UnroutedProblems
{
    public static void Describe(ProblemDetailsContext context)
    {
        var request = context.HttpContext.Request;
        var detail = context.ProblemDetails.Status switch
        {
            StatusCodes.Status404NotFound => $"Nothing is at {request.Path}. /openapi/v1.json describes what there is.",
            StatusCodes.Status405MethodNotAllowed => $"{request.Method} is not possible at {request.Path}. /openapi/v1.json describes what is.",
            StatusCodes.Status415UnsupportedMediaType => $"'{request.ContentType}' is not read here. A sweep is sent as application/yaml (the definition), application/json (the definition, or an object with definition and files) or multipart/form-data (a part 'definition', and a part for each file).",
            _ => null,
        };
        context.ProblemDetails.Detail ??= detail;
    }
}
