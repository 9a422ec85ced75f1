using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Tuner.Service.Pages;

/// <summary>The style sheet and the script of the pages: the report's, and what only pages need. Their address holds their hash.</summary>
internal static class PageAssets
{
    private static readonly string Style = Resource("Reports.Html.report.css") + Resource("Pages.Assets.pages.css");
    private static readonly string Script = Resource("Reports.Html.report.js") + Resource("Pages.Assets.pages.js");

    public static string Version { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Style + Script)))[..12];

    public static void MapAssets(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/assets/{version}/tuner.css", (HttpContext context) => File(context, Style, "text/css")).AllowAnonymous();
        pages.MapGet("/assets/{version}/tuner.js", (HttpContext context) => File(context, Script, "text/javascript")).AllowAnonymous();
    }

    private static IResult File(HttpContext context, string content, string type)
    {
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Text(content, type, Encoding.UTF8);
    }

    private static string Resource(string name)
    {
        using var stream = typeof(PageAssets).Assembly.GetManifestResourceStream($"Tuner.Service.{name}")
            ?? throw new InvalidOperationException($"The resource {name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
