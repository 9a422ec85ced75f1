using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tuner.Core.Api;
using Tuner.Service.Storage;

namespace Tuner.Service.Access;

/// <summary>
/// Writes down every request that would change something: who, what, to which thing, and how it came out; refused ones
/// too. Bodies, queries and keys are not written.
/// </summary>
internal sealed class AuditTrail(AuditStore store, TimeProvider time) : IMiddleware
{
    private const string SubjectItem = "audit subject";
    private const string ProjectItem = "audit project";

    /// <summary>Names what a request acts on, where its address does not.</summary>
    public static void Note(HttpContext context, string subject, string project) =>
        (context.Items[SubjectItem], context.Items[ProjectItem]) = (subject, project);

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) || HttpMethods.IsOptions(context.Request.Method))
        {
            await next(context);
            return;
        }

        // Before the answer leaves: whoever has one can be sure that it is written down.
        var isWritten = false;
        context.Response.OnStarting(() =>
        {
            isWritten = true;
            return store.AddAsync(Entry(context, context.Response.StatusCode), CancellationToken.None);
        });
        try
        {
            await next(context);
        }
        finally
        {
            // The client went away meanwhile, and what was done stays done.
            if (!isWritten && context.RequestAborted.IsCancellationRequested)
            {
                await store.AddAsync(Entry(context, StatusCodes.Status499ClientClosedRequest), CancellationToken.None);
            }
        }
    }

    private AuditView Entry(HttpContext context, int outcome)
    {
        var now = time.GetUtcNow();
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "no such route";
        var who = context.User.Identity?.Name;
        return new AuditView(
            Guid.CreateVersion7(now).ToString(),
            now,
            string.IsNullOrEmpty(who) ? "nobody known" : who,
            context.Items[ProjectItem] as string ?? "",
            $"{context.Request.Method} {route}",
            context.Items[SubjectItem] as string ?? string.Join('/', context.Request.RouteValues.Values.OfType<string>()),
            outcome,
            context.Connection.RemoteIpAddress?.ToString() ?? "");
    }
}
