using System.Net;
using Microsoft.AspNetCore.Http;

namespace Tuner.Service.Access;

/// <summary>
/// Whether a request comes from this machine's own user. A web page that some browser shows must not pass for that: not by
/// a name that it made to mean this machine, and not by a form that it sends here.
/// </summary>
internal static class LocalRequest
{
    private static readonly string[] LocalNames = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>Why not, with the cure; null where it does.</summary>
    public static string? WhyNot(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } address || !IPAddress.IsLoopback(address))
        {
            return "Without a key only this machine itself is served. Send a key: Authorization: Bearer KEY.";
        }

        var request = context.Request;
        if (!LocalNames.Contains(request.Host.Host, StringComparer.OrdinalIgnoreCase))
        {
            return $"'{request.Host.Host}' is no name of this machine's own address. Use http://127.0.0.1, or send a key.";
        }

        if (IsFromElsewhere(request))
        {
            return "The request comes from another site's page. Open the service's own address, or send a key.";
        }

        return LocalPeer.IsThisUser(address, context.Connection.RemotePort)
            ? null
            : "The request comes from another user of this machine. Make a key for them: tuner key create.";
    }

    /// <summary>Whether a browser says that another site's page sent it.</summary>
    public static bool IsFromElsewhere(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        return (origin.Length > 0 && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase))
            || site is "cross-site" or "same-site";
    }
}
