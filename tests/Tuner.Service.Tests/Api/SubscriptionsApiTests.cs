using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Tuner.Client;
using Tuner.Core.Api;
using Tuner.Core.Trials;
using Tuner.Service.Notifications;
using Tuner.Service.Submitting;
using Tuner.Service.Tests.Engine;
using Tuner.Testing.Sweeps;

namespace Tuner.Service.Tests.Api;

public sealed class SubscriptionsApiTests
{
    private const string Secret = "planted-4d1b-secret";

    private static ScriptedRunner Fast => new(_ => new TrialState.Measured(SmallSweep.Steady(milliseconds: 20)));

    [Fact]
    public async Task The_end_of_a_sweep_reaches_a_receiver_once_and_signed_and_nothing_that_is_stored_or_told_holds_the_secret()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var tuner = await ServedTuner.StartAsync(Fast, options => options with { Rules = options.Rules with { NotifyTo = [AddressRange.Parse($"127.0.0.1:{receiver.Url.Port}")!] } });
        using var client = tuner.Connect();
        var made = await client.Api.SubscribeAsync(new NewSubscription { Url = $"{receiver.Url}hook/{Secret}", Secret = Secret }, CancellationToken.None);

        var sweep = (await client.EndOfAsync((await client.Api.SubmitAsync(SmallTexts.Body(), null, null, CancellationToken.None)).Id)).Id;
        var (path, signature, body) = await receiver.NextAsync();

        Assert.Equal($"/hook/{Secret}", path);
        Assert.True(WebhookSignature.IsValid(Secret, signature, body, TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(5)));
        Assert.Contains($"\"sweep\":\"{sweep}\"", body, StringComparison.Ordinal);
        Assert.Null(made.Secret);
        var listed = Assert.Single(await client.Api.SubscriptionsAsync(CancellationToken.None));
        Assert.Equal((made.Subscription.Id, "default", "webhook", receiver.Url.GetLeftPart(UriPartial.Authority)), (listed.Id, listed.Project, listed.Kind, listed.Host));
        Assert.DoesNotContain(Secret, listed.ToString(), StringComparison.Ordinal);
        await using var connection = await tuner.Database.ConnectAsync(CancellationToken.None);
        Assert.All(
            (await connection.QueryAsync("select * from subscriptions")).Concat(await connection.QueryAsync("select * from outbox")),
            row => Assert.DoesNotContain(Secret, string.Join('|', ((IDictionary<string, object?>)row).Values), StringComparison.Ordinal));
        Assert.DoesNotContain(Secret, tuner.Log.Text, StringComparison.Ordinal);
        Assert.Equal(("POST /api/v1/subscriptions/", made.Subscription.Id), (await client.Api.AuditAsync(null, 10, CancellationToken.None)).Items.Select(entry => (entry.Action, entry.Subject)).Last());
    }

    [Fact]
    public async Task A_made_secret_is_told_once_a_ping_arrives_and_who_is_removed_hears_no_more()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var tuner = await ServedTuner.StartAsync(Fast, options => options with { Rules = options.Rules with { NotifyTo = [AddressRange.Parse("127.0.0.0/8")!] } });
        using var client = tuner.Connect();
        var made = await client.Api.SubscribeAsync(new NewSubscription { Url = receiver.Url.AbsoluteUri, Project = "team-vision" }, CancellationToken.None);

        await client.Api.PingAsync(made.Subscription.Id, CancellationToken.None);
        var (_, signature, body) = await receiver.NextAsync();
        await client.Api.UnsubscribeAsync(made.Subscription.Id, CancellationToken.None);

        Assert.True(WebhookSignature.IsValid(made.Secret!, signature, body, TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(5)));
        Assert.Contains("\"kind\":\"ping\"", body, StringComparison.Ordinal);
        Assert.Empty(await client.Api.SubscriptionsAsync(CancellationToken.None));
        foreach (var gone in new[] { client.Api.PingAsync(made.Subscription.Id, CancellationToken.None), client.Api.UnsubscribeAsync(made.Subscription.Id, CancellationToken.None) })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await Assert.ThrowsAsync<TunerApiException>(() => gone)).Status);
        }
    }

    [Theory]
    [InlineData("http://127.0.0.1:9", "webhook", "url: '127.0.0.1' is 127.0.0.1, and this service tells nobody there. Its operator allows addresses with: tuner serve --allow-notify 127.0.0.1:9")]
    [InlineData("http://localhost:9", "webhook", "tells nobody there")]
    [InlineData("http://hooks.example", "slack", "Slack is told over https only")]
    [InlineData("https://127.0.0.1", "gitHub", "GitHub needs a token")]
    [InlineData("ftp://127.0.0.1", "webhook", "it is no address")]
    [InlineData("http://user:pass@127.0.0.1", "webhook", "it is no address")]
    [InlineData("http://127.0.0.1", "mail", "kind: 'mail' is none")]
    public async Task What_may_not_be_told_is_refused_with_its_cure(string url, string kind, string expected)
    {
        await using var tuner = await ServedTuner.StartAsync(Fast, options => options with { Rules = options.Rules with { NotifyPublic = true } });
        using var client = tuner.Connect();

        var refused = await Assert.ThrowsAsync<TunerApiException>(() => client.Api.SubscribeAsync(new NewSubscription { Url = url, Kind = kind }, CancellationToken.None));

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.Empty(await client.Api.SubscriptionsAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Only_admins_say_who_is_told()
    {
        await using var tuner = await ServedTuner.StartAsync(Fast);
        await tuner.MakeKeyAsync(KeyRole.Admin);
        using var client = tuner.Connect(await tuner.MakeKeyAsync(KeyRole.Operator, "default"));

        foreach (var asked in new Task[]
        {
            client.Api.SubscriptionsAsync(CancellationToken.None),
            client.Api.SubscribeAsync(new NewSubscription { Url = "https://receiver.example" }, CancellationToken.None),
            client.Api.PingAsync("one", CancellationToken.None),
            client.Api.UnsubscribeAsync("one", CancellationToken.None),
        })
        {
            var refused = await Assert.ThrowsAsync<TunerApiException>(() => asked);
            Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
            Assert.StartsWith("This takes the role admin, and your key has the role operator.", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_address_that_is_no_longer_allowed_is_not_connected_to()
    {
        await using var receiver = await Receiver.StartAsync();
        using var http = new HttpClient(NotificationServices.Wire(new OperatorRules { NotifyPublic = true }));

        var refused = await Assert.ThrowsAnyAsync<HttpRequestException>(() => http.GetAsync(receiver.Url));

        Assert.Contains("nothing may be sent there from here", refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("::ffff:169.254.169.254", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("64:ff9b::a9fe:a9fe", false)]
    public void Public_addresses_are_nobodys_own_network(string address, bool expected) =>
        Assert.Equal(expected, new OperatorRules { NotifyPublic = true }.MayNotify(new IPEndPoint(IPAddress.Parse(address), 443)));

    /// <summary>A real server that takes events.</summary>
    private sealed class Receiver : IAsyncDisposable
    {
        private readonly BlockingCollection<(string Path, string Signature, string Body)> received = [];
        private readonly WebApplication app;

        private Receiver(WebApplication app) => this.app = app;

        public Uri Url => new(app.Urls.First());

        public static async Task<Receiver> StartAsync()
        {
            var receiver = new Receiver(WebApplication.CreateSlimBuilder().Build());
            receiver.app.Urls.Add("http://127.0.0.1:0");
            receiver.app.MapFallback(receiver.TakeAsync);
            await receiver.app.StartAsync();
            return receiver;
        }

        public Task<(string Path, string Signature, string Body)> NextAsync() => Task.Run(() =>
            received.TryTake(out var next, TimeSpan.FromMinutes(2)) ? next : throw new TimeoutException("nothing came"));

        public async ValueTask DisposeAsync()
        {
            await app.DisposeAsync();
            received.Dispose();
        }

        private async Task TakeAsync(HttpContext context)
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
            received.Add((context.Request.Path, context.Request.Headers[WebhookSignature.Header].ToString(), await reader.ReadToEndAsync()));
        }
    }
}
