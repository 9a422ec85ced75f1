using System.Globalization;
using System.Net;

namespace Tuner.Service.Submitting;

/// <summary>Addresses that load may go to: a network or one address, any port or one.</summary>
public sealed record AddressRange(IPNetwork Network, int? Port)
{
    /// <summary>Reads <c>10.1.0.0/16</c>, <c>10.1.2.3:8000</c>, <c>[fd00::]/8:443</c>; null for anything else, names too: a name can be made to mean another address.</summary>
    public static AddressRange? Parse(string text)
    {
        int? port = null;
        var rest = text.Trim();
        var colon = rest.LastIndexOf(':');
        var hasBrackets = rest.StartsWith('[');
        if (colon > 0 && (hasBrackets ? colon > rest.IndexOf(']', StringComparison.Ordinal) : rest.IndexOf(':', StringComparison.Ordinal) == colon))
        {
            if (!int.TryParse(rest[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > 65535)
            {
                return null;
            }

            (port, rest) = (number, rest[..colon]);
        }

        rest = rest.Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);
        return IPNetwork.TryParse(rest, out var network) ? new AddressRange(network, port)
            : IPAddress.TryParse(rest, out var address) && !rest.Contains('/', StringComparison.Ordinal) ? new AddressRange(new IPNetwork(address, address.GetAddressBytes().Length * 8), port)
            : null;
    }

    public bool Contains(IPEndPoint endpoint) =>
        (Port is null || Port == endpoint.Port) && Network.Contains(endpoint.Address.IsIPv4MappedToIPv6 ? endpoint.Address.MapToIPv4() : endpoint.Address);

    public override string ToString() => Port is { } port ? $"{Network} port {port}" : Network.ToString();
}
