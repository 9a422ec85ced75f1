using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Tuner.Service.Hosting;

/// <summary>Where the service listens.</summary>
public sealed record ListenAddress(IPAddress Address, int Port)
{
    public const int UsualPort = 8686;

    public static ListenAddress Usual { get; } = new(IPAddress.Loopback, UsualPort);

    /// <summary>Only this machine itself can reach it.</summary>
    public bool IsLoopback => IPAddress.IsLoopback(Address);

    /// <summary>Reads <c>127.0.0.1:8686</c>, <c>localhost:8686</c>, <c>[::1]:8686</c>, <c>0.0.0.0</c>; null for anything else.</summary>
    public static ListenAddress? Parse(string text)
    {
        var local = text.StartsWith("localhost", StringComparison.OrdinalIgnoreCase) ? $"127.0.0.1{text["localhost".Length..]}" : text;
        return IPAddress.TryParse(local, out var alone) && !local.StartsWith('[') ? new ListenAddress(alone, UsualPort)
            : IPEndPoint.TryParse(local, out var endpoint) ? new ListenAddress(endpoint.Address, endpoint.Port)
            : null;
    }

    /// <summary>Why nobody can listen there now, with the cure; null where one can.</summary>
    public string? WhyTaken()
    {
        try
        {
            using var socket = new TcpListener(Address, Port);
            socket.Start();
            return null;
        }
        catch (SocketException exception)
        {
            return $"{this} cannot be had: {exception.Message}. Choose another with --listen.";
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"http://{new IPEndPoint(Address, Port)}");
}
