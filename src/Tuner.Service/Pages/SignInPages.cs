using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tuner.Service.Access;
using Tuner.Service.Pages.Components;
using Tuner.Service.Pages.Models;
using Tuner.Service.Storage;

namespace Tuner.Service.Pages;

/// <summary>A key in, a cookie out; and back.</summary>
internal static class SignInPages
{
    public const string Page = "/sign-in";

    public static void MapSignInPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet(Page, ShowAsync).AllowAnonymous();
        pages.MapPost(Page, SignInAsync).AllowAnonymous().DisableAntiforgery();
        pages.MapPost("/sign-out", SignOutAsync).AllowAnonymous().DisableAntiforgery();
    }

    private static Task<IResult> ShowAsync(HttpContext context, PageFrames frames, string? @return = null) =>
        PageResult.OfAsync<SignInPage>(new SignInModel(frames.Of(context, ""), Own(@return), null));

    private static async Task<IResult> SignInAsync(HttpContext context, KeyStore keys, PageFrames frames, CancellationToken cancellationToken)
    {
        if (!await frames.IsOursAsync(context))
        {
            return await frames.NotOursAsync(context, Page);
        }

        var form = await context.Request.ReadFormAsync(cancellationToken);
        var (secret, back) = (form["key"].ToString().Trim(), Own(form["return"]));
        if (ApiKey.IdOf(secret) is not { } id || await keys.FindAsync(id, cancellationToken) is not { } key || !key.Opens(secret))
        {
            return await PageResult.OfAsync<SignInPage>(new SignInModel(frames.Of(context, ""), back, "The key is not known, or it was revoked."), StatusCodes.Status401Unauthorized);
        }

        context.Response.Cookies.Append(KeyAuthentication.CookieName, secret, Cookie(context));
        return TypedResults.Redirect(back);
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, PageFrames frames)
    {
        if (!await frames.IsOursAsync(context))
        {
            return await frames.NotOursAsync(context, Page);
        }

        context.Response.Cookies.Delete(KeyAuthentication.CookieName, Cookie(context));
        return TypedResults.Redirect(Page);
    }

    private static CookieOptions Cookie(HttpContext context) => new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = "/", IsEssential = true };

    /// <summary>Only ever back to a page of this service.</summary>
    private static string Own(string? path) => path is ['/', not ('/' or '\\'), ..] && !path.Any(char.IsControl) ? path : "/sweeps";
}
