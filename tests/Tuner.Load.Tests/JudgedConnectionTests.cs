using System.Net;
using System.Net.Sockets;
using Tuner.Load.Portable;

namespace Tuner.Load.Tests;

public sealed class JudgedConnectionTests
{
    [Fact]
    public void The_native_engine_refuses_an_address_that_was_judged_so()
    {
        var refused = Assert.Throws<ArgumentException>(() => EngineChoice.Resolve(new Uri("http://127.0.0.1:9"), endpoint => endpoint.Port == 10));

        Assert.Equal("'http://127.0.0.1:9' is 127.0.0.1:9, and load may not be sent there.", refused.Message);
        Assert.NotEmpty(EngineChoice.Resolve(new Uri("http://127.0.0.1:10"), endpoint => endpoint.Port == 10));
    }

    [Fact]
    public async Task The_portable_engine_connects_to_the_address_that_was_judged_and_no_other()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var judged = new List<IPEndPoint>();

        await using var stream = await JudgedConnection.OpenAsync(new DnsEndPoint("localhost", port), endpoint => Judge(endpoint, judged), CancellationToken.None);
        var refused = await Assert.ThrowsAsync<HttpRequestException>(async () => await JudgedConnection.OpenAsync(new DnsEndPoint("127.0.0.1", port), _ => false, CancellationToken.None));

        Assert.Contains(new IPEndPoint(IPAddress.Loopback, port), judged);
        Assert.Equal("'127.0.0.1' is 127.0.0.1, and nothing may be sent there from here.", refused.Message);
    }

    private static bool Judge(IPEndPoint endpoint, List<IPEndPoint> judged)
    {
        judged.Add(endpoint);
        return endpoint.AddressFamily is AddressFamily.InterNetwork;
    }
}
