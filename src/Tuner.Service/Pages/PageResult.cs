using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;

namespace Tuner.Service.Pages;

/// <summary>A rendered page, with the headers that keep everything from elsewhere out of it.</summary>
internal sealed class PageResult(string html, int status) : IResult
{
    // Styles within the markup are widths of bars; scripts come from the one file alone.
    private const string Policy =
        "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static async Task<IResult> OfAsync<TComponent>(object model, int status = StatusCodes.Status200OK)
        where TComponent : IComponent => new PageResult(await PageWriter.RenderAsync<TComponent>(model), status);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        // With no-referrer a browser would not say where a form comes from, and it could not be believed.
        response.Headers["Referrer-Policy"] = "same-origin";
        response.Headers.CacheControl = "no-store";
        return response.WriteAsync(html, Encoding.UTF8, httpContext.RequestAborted);
    }
}
