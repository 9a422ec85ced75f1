using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Tuner.Service.Notifications;

/// <summary>
/// How a receiver knows that a delivery is ours and fresh: <c>Tuner-Signature: t=SECONDS,v1=HEX</c>, where HEX is
/// HMAC-SHA-256 over <c>SECONDS.BODY</c> with the subscription's secret.
/// </summary>
public static class WebhookSignature
{
    public const string Header = "Tuner-Signature";

    public static string Of(string secret, DateTimeOffset at, string body)
    {
        var seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var hash = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{seconds}.{body}"));
        return $"t={seconds},v1={Convert.ToHexStringLower(hash)}";
    }

    /// <summary>For receivers: true when the header was made with the secret over this body, no longer ago than the tolerance.</summary>
    public static bool IsValid(string secret, string header, string body, DateTimeOffset now, TimeSpan tolerance)
    {
        var parts = header.Split(',');
        return parts is [['t', '=', .. var seconds], _]
            && long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            && (now - DateTimeOffset.FromUnixTimeSeconds(at)).Duration() <= tolerance
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(header), Encoding.UTF8.GetBytes(Of(secret, DateTimeOffset.FromUnixTimeSeconds(at), body)));
    }
}
