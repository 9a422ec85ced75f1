using System.Net;
using System.Net.Sockets;
using Tuner.Service.Access;
using Tuner.Service.Submitting;

namespace Tuner.Service.Notifications;

/// <summary>Whether events may be sent where somebody asks for.</summary>
public sealed class SubscriptionCheck(OperatorRules rules)
{
    private const int LongestUrl = 2000;

    /// <summary>Why not, with its cure; null where they may. What counts is the address that is connected to, and that is judged again then.</summary>
    public async Task<string?> ProblemAsync(string project, string text, PayloadKind kind, string? secret, CancellationToken cancellationToken)
    {
        if (!ProjectName.IsValid(project))
        {
            return $"project: {ProjectName.Problem(project)}";
        }

        if (text.Length > LongestUrl || !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0)
        {
            return "url: it is no address. Write one like https://receiver.example/tuner, without a user.";
        }

        if (kind is not PayloadKind.Webhook && url.Scheme is not "https")
        {
            return $"url: {kind} is told over https only, since what authorises the message travels with it.";
        }

        if (kind is PayloadKind.GitHub && string.IsNullOrEmpty(secret))
        {
            return "secret: GitHub needs a token that may send repository_dispatch (contents: write).";
        }

        return await AddressProblemAsync(url, cancellationToken);
    }

    private async Task<string?> AddressProblemAsync(Uri url, CancellationToken cancellationToken)
    {
        IPAddress[] addresses;
        try
        {
            addresses = await Dns.GetHostAddressesAsync(url.DnsSafeHost, cancellationToken);
        }
        catch (SocketException)
        {
            addresses = [];
        }

        return addresses switch
        {
            [] => $"url: '{url.Host}' means no address here. Check the name.",
            _ when addresses.FirstOrDefault(address => !rules.MayNotify(new IPEndPoint(address, url.Port))) is { } bad =>
                $"url: '{url.Host}' is {bad}, and this service tells nobody there. Its operator allows addresses with: tuner serve --allow-notify {bad}:{url.Port} (or, for every public address, --allow-notify {OperatorRules.PublicWord}).",
            _ => null,
        };
    }
}
