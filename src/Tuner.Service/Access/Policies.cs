using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Tuner.Core.Api;

namespace Tuner.Service.Access;

/// <summary>Who may use a route. A route that names none is for readers; nothing is open by omission.</summary>
public static class Policies
{
    public const string Reader = "reader";
    public const string Operator = "operator";
    public const string Admin = "admin";

    public static void Add(AuthorizationOptions options)
    {
        options.AddPolicy(Reader, policy => policy.RequireRole(RolesFrom(KeyRole.Reader)));
        options.AddPolicy(Operator, policy => policy.RequireRole(RolesFrom(KeyRole.Operator)));
        options.AddPolicy(Admin, policy => policy.RequireRole(RolesFrom(KeyRole.Admin)));
        options.FallbackPolicy = options.GetPolicy(Reader);
    }

    public static RouteHandlerBuilder ForOperators(this RouteHandlerBuilder route) => route.RequireAuthorization(Operator);

    public static RouteHandlerBuilder ForAdmins(this RouteHandlerBuilder route) => route.RequireAuthorization(Admin);

    private static string[] RolesFrom(KeyRole least) => [.. Enum.GetValues<KeyRole>().Where(role => role >= least).Select(role => role.ToString())];
}
