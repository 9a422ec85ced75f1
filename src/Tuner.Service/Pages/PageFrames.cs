using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Tuner.Core.Api;
using Tuner.Service.Access;
using Tuner.Service.Pages.Components;
using Tuner.Service.Pages.Models;

namespace Tuner.Service.Pages;

/// <summary>Makes what is around a page from the request, and believes only forms that such a page has sent.</summary>
public sealed class PageFrames(IAntiforgery antiforgery)
{
    public PageFrame Of(HttpContext context, string here)
    {
        var known = context.User.Identity?.IsAuthenticated == true;
        var caller = known ? Caller.Of(context.User) : null;
        var tokens = antiforgery.GetAndStoreTokens(context);
        return new PageFrame
        {
            User = caller?.Name,
            Role = caller is null || caller == Caller.LocalUser ? null : caller.Role.ToString().ToLowerInvariant(),
            CanOperate = caller?.Role >= KeyRole.Operator,
            SignedIn = known && context.Request.Cookies.ContainsKey(KeyAuthentication.CookieName),
            Here = here,
            Token = tokens.RequestToken,
            TokenField = tokens.FormFieldName,
        };
    }

    /// <summary>Whether the form comes from a page of this service.</summary>
    public Task<bool> IsOursAsync(HttpContext context) =>
        LocalRequest.IsFromElsewhere(context.Request) ? Task.FromResult(false) : antiforgery.IsRequestValidAsync(context);

    /// <summary>A page that says what went wrong, and the cure.</summary>
    internal Task<IResult> ProblemAsync(HttpContext context, int status, string title, string detail, string back = "/sweeps") =>
        PageResult.OfAsync<ProblemPage>(new ProblemModel(Of(context, ""), title, detail, back), status);

    internal Task<IResult> NoSweepAsync(HttpContext context, string id) =>
        ProblemAsync(context, StatusCodes.Status404NotFound, "No such sweep", $"There is no sweep '{id}', or it belongs to a project that you do not see.");

    internal Task<IResult> NotOursAsync(HttpContext context, string back) =>
        ProblemAsync(context, StatusCodes.Status400BadRequest, "This form is too old", "It was not sent by a page that this service made for you just now. Load the page again and repeat it; nothing was done.", back);

    internal Task<IResult> NotAllowedAsync(HttpContext context, string back) =>
        ProblemAsync(context, StatusCodes.Status403Forbidden, "Your role does not allow this", "Submitting, pausing and cancelling take the role operator. The operator of this service makes such keys: tuner key create --role operator.", back);
}
