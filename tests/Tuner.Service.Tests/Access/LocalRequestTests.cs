using System.Net;
using System.Net.Sockets;
using Tuner.Core.Api;
using Tuner.Core.Trials;
using Tuner.Service.Access;
using Tuner.Service.Tests.Api;
using Tuner.Service.Tests.Engine;
using Tuner.Testing.Sweeps;

namespace Tuner.Service.Tests.Access;

public sealed class LocalRequestTests
{
    private static ScriptedRunner Runner => new(_ => new TrialState.Measured(SmallSweep.Steady(milliseconds: 20)));

    [Theory]
    [InlineData("Host", "rebound.example", HttpStatusCode.Unauthorized)]
    [InlineData("Origin", "https://evil.example", HttpStatusCode.Unauthorized)]
    [InlineData("Origin", "null", HttpStatusCode.Unauthorized)]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Unauthorized)]
    [InlineData("Sec-Fetch-Site", "same-origin", HttpStatusCode.OK)]
    [InlineData("Host", "localhost", HttpStatusCode.OK)]
    public async Task A_page_of_another_site_does_not_pass_for_this_machines_user(string header, string value, HttpStatusCode expected)
    {
        await using var tuner = await ServedTuner.StartAsync(Runner);
        using var http = new HttpClient { BaseAddress = tuner.Url };
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/whoami");
        request.Headers.TryAddWithoutValidation(header, value);

        using var response = await http.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task A_key_in_a_cookie_reads_and_does_nothing_else()
    {
        await using var tuner = await ServedTuner.StartAsync(Runner);
        var secret = await tuner.MakeKeyAsync(KeyRole.Admin);
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = tuner.Url };
        http.DefaultRequestHeaders.Add("Cookie", $"{KeyAuthentication.CookieName}={secret}");

        using var read = await http.GetAsync(new Uri("api/v1/keys", UriKind.Relative));
        using var form = new FormUrlEncodedContent([]);
        using var written = await http.PostAsync(new Uri("api/v1/sweeps/x/cancel", UriKind.Relative), form);

        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, written.StatusCode);
    }

    [Fact]
    public void The_other_end_of_a_loopback_connection_is_told_by_its_user()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        client.Connect((IPEndPoint)listener.LocalEndpoint);
        var end = (IPEndPoint)client.Client.LocalEndPoint!;

        Assert.True(LocalPeer.IsThisUser(end.Address, end.Port));
        Assert.False(OperatingSystem.IsLinux() && LocalPeer.IsThisUser(end.Address, 1));
    }
}
