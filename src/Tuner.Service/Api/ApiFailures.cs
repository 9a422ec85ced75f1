using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Logging;
using Tuner.Service.Storage;

namespace Tuner.Service.Api;

/// <summary>The HTTP edge: whatever was not expected becomes a problem that tells nothing of the inside.</summary>
internal sealed partial class ApiFailures(Database database, ILogger<ApiFailures> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
        {
            return true;
        }

        var problem = exception switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => Problems.Of(StatusCodes.Status413PayloadTooLarge, "too-large", "The request is too large", $"{exception.Message} Send the files that the definition names, and no others."),
            BadHttpRequestException => Problems.BadRequest(UnreadRequests.Describe(exception, httpContext.Request)),
            _ when database.IsTransient(exception) => Away(httpContext, exception),
            InvalidDataException => Problems.Conflict(exception.Message),
            _ => null,
        };
        if (problem is null)
        {
            RequestFailed(logger, httpContext.Request.Method, httpContext.Request.Path, exception);
            problem = Problems.Of(StatusCodes.Status500InternalServerError, "internal", "Tuner failed on this request", "This is a fault of the service, not of the request. Its log says more.");
        }

        await problem.ExecuteAsync(httpContext);
        return true;
    }

    private ProblemHttpResult Away(HttpContext context, Exception exception)
    {
        RequestWaits(logger, context.Request.Method, context.Request.Path, exception.Message);
        context.Response.Headers.RetryAfter = "5";
        return HealthApi.NotReady("Its database does not answer. Nothing is lost: send the request again in a moment.");
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} cannot be answered without the database: {Problem}")]
    private static partial void RequestWaits(ILogger logger, string method, string path, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private static partial void RequestFailed(ILogger logger, string method, string path, Exception exception);
}
