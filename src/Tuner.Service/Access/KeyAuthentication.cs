using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tuner.Service.Api;
using Tuner.Service.Storage;

namespace Tuner.Service.Access;

/// <summary>
/// Tells who sends a request: by the key in <c>Authorization: Bearer</c>, by the cookie that holds it for pages (reading
/// only), or, where no key exists, because it comes from this machine's own user.
/// </summary>
internal sealed class KeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, KeyStore keys, AccessOptions access)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "key";

    /// <summary>Pages keep the key here: HttpOnly, SameSite=Strict. It counts for reading only, so that no form can act with it.</summary>
    public const string CookieName = "tuner_key";

    private const string Bearer = "Bearer ";

    private string? refusal;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // Whoever keeps the service running has to hear that it lives while its database is away, and keys are kept there.
        if (Request.Path.StartsWithSegments(HealthApi.Root, StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.NoResult();
        }

        if (KeyOf(Request) is { } secret)
        {
            return await ByKeyAsync(secret);
        }

        if (access.KeysOnly || await keys.AnyAsync(Context.RequestAborted))
        {
            refusal = "This service asks for a key. Send one: Authorization: Bearer KEY (tuner reads it from TUNER_API_KEY). Its operator makes keys with: tuner key create.";
            return AuthenticateResult.NoResult();
        }

        refusal = LocalRequest.WhyNot(Context);
        return refusal is null ? Success(Caller.LocalUser) : AuthenticateResult.NoResult();
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (IsPage(Request) && HttpMethods.IsGet(Request.Method) && Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
        {
            Response.Redirect($"{Pages.SignInPages.Page}{QueryString.Create("return", Request.Path + Request.QueryString)}");
            return Task.CompletedTask;
        }

        Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.Of(StatusCodes.Status401Unauthorized, "no-key", "Who are you?", refusal ?? "The key is not known, or it was revoked.").ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var needed = Context.GetEndpoint()?.Metadata.GetOrderedMetadata<IAuthorizeData>().LastOrDefault(each => each.Policy is not null)?.Policy ?? Policies.Reader;
        return Problems.Forbidden(
            $"This takes the role {needed}, and your key has the role {Caller.Of(Context.User).Role.ToString().ToLowerInvariant()}. Use one that has it; the service's operator makes it with: tuner key create --name NAME --role {needed}.").ExecuteAsync(Context);
    }

    private async Task<AuthenticateResult> ByKeyAsync(string secret)
    {
        if (ApiKey.IdOf(secret) is { } id && await keys.FindAsync(id, Context.RequestAborted) is { } key && key.Opens(secret))
        {
            return Success(new Caller($"{key.Name} ({key.Id})", key.Role, key.Projects));
        }

        refusal = "The key is not known, or it was revoked. Its operator makes keys with: tuner key create.";
        return AuthenticateResult.Fail("unknown key");
    }

    private static AuthenticateResult Success(Caller caller) => AuthenticateResult.Success(new AuthenticationTicket(caller.ToPrincipal(SchemeName), SchemeName));

    /// <summary>Forms of pages are believed with their antiforgery token only, which each of them checks; the API takes no cookie for a deed.</summary>
    private static bool IsPage(HttpRequest request) => !request.Path.StartsWithSegments(ApiRoutes.Root, StringComparison.OrdinalIgnoreCase);

    private static string? KeyOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.Length > 0)
        {
            // Whatever it holds was meant to say who this is: it must not pass for nobody.
            return header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : header;
        }

        return (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || IsPage(request)) && !LocalRequest.IsFromElsewhere(request) ? request.Cookies[CookieName] : null;
    }
}
