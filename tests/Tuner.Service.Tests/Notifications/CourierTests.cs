using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Tuner.Core.Sweeps;
using Tuner.Service.Access;
using Tuner.Service.Notifications;
using Tuner.Service.Storage;
using Tuner.Testing.Time;

namespace Tuner.Service.Tests.Notifications;

public sealed class CourierTests : IDisposable
{
    private const string Secret = "planted-secret";

    private readonly string folder = Directory.CreateTempSubdirectory("tuner-outbox-").FullName;
    private readonly ManualTime time = new();
    private readonly Receiver receiver = new();
    private SweepStores stores = null!;
    private Outbox outbox = null!;

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
        receiver.Dispose();
    }

    [Fact]
    public async Task The_end_of_a_sweep_is_told_once_and_signed()
    {
        var courier = await OpenAsync(PayloadKind.Webhook);
        await EndASweepAsync();

        Assert.Equal(1, await courier.SendDueAsync(default));
        Assert.Equal(0, await courier.SendDueAsync(default));

        var (headers, body) = Assert.Single(receiver.Received);
        Assert.Equal("sweep.finished", headers[Courier.EventHeader]);
        Assert.True(WebhookSignature.IsValid(Secret, headers[WebhookSignature.Header], body, time.GetUtcNow(), TimeSpan.FromMinutes(5)));
        Assert.False(WebhookSignature.IsValid(Secret, headers[WebhookSignature.Header], body + " ", time.GetUtcNow(), TimeSpan.FromMinutes(5)));
        Assert.False(WebhookSignature.IsValid(Secret, headers[WebhookSignature.Header], body, time.GetUtcNow().AddHours(1), TimeSpan.FromMinutes(5)));
        Assert.DoesNotContain(Secret, body, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(body);
        Assert.Equal("one", json.RootElement.GetProperty("sweep").GetString());
    }

    [Fact]
    public async Task What_is_not_taken_is_sent_again_with_growing_pauses_under_the_same_id()
    {
        var courier = await OpenAsync(PayloadKind.Webhook);
        receiver.Answers = HttpStatusCode.ServiceUnavailable;
        await EndASweepAsync();
        for (var attempt = 1; attempt <= 4; attempt++)
        {
            Assert.Equal(0, await courier.SendDueAsync(default));
            Assert.Equal(attempt, receiver.Received.Count);
            time.Advance(Courier.PauseAfter(attempt)!.Value - TimeSpan.FromMilliseconds(1));
            await courier.SendDueAsync(default);
            Assert.Equal(attempt, receiver.Received.Count);
            time.Advance(TimeSpan.FromMilliseconds(1));
        }

        receiver.Answers = HttpStatusCode.NoContent;
        Assert.Equal(1, await courier.SendDueAsync(default));
        Assert.Single(receiver.Received.Select(each => each.Headers[Courier.DeliveryHeader]).Distinct());
        time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(0, await courier.SendDueAsync(default));
    }

    [Fact]
    public async Task Two_nodes_do_not_send_the_same_event()
    {
        var courier = await OpenAsync(PayloadKind.Webhook);
        await EndASweepAsync();

        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => courier.SendDueAsync(default))));

        Assert.Equal(1, taken.Sum());
        Assert.Single(receiver.Received);
    }

    [Fact]
    public async Task A_receiver_whose_secret_cannot_be_opened_holds_up_no_other()
    {
        var courier = await OpenAsync(PayloadKind.Webhook);
        var other = SecretSeal.Of(stores.Database, new StateDirectory(folder), Convert.ToBase64String(new byte[32]));
        await new SubscriptionStore(stores.Database, other).AddAsync(new Subscription("lost", StoredSweep.DefaultProject, new Uri("https://lost.example"), PayloadKind.Webhook, Secret), default);
        await EndASweepAsync();

        Assert.Equal(1, await courier.SendDueAsync(default));

        Assert.Single(receiver.Received);
        var lost = (await new SubscriptionStore(stores.Database, other).ListAsync(default)).Single(each => each.Id == "lost");
        Assert.Equal(1, lost.Waiting);
        Assert.Contains("was sealed with key", lost.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Slack_and_github_get_what_they_take()
    {
        var courier = await OpenAsync(PayloadKind.Slack, PayloadKind.GitHub);
        await outbox.PutAsync(new NotifiedEvent("1", "gate.fail", StoredSweep.DefaultProject, "one", "digits", "p99 <= 5ms: +15 % worse", time.GetUtcNow()), default);

        Assert.Equal(2, await courier.SendDueAsync(default));

        var slack = JsonDocument.Parse(receiver.Received.Single(each => !each.Headers.ContainsKey("Authorization")).Body).RootElement;
        Assert.Equal("*digits* :red_circle: p99 &lt;= 5ms: +15 % worse (`one`)", slack.GetProperty("text").GetString());
        var (headers, body) = receiver.Received.Single(each => each.Headers.ContainsKey("Authorization"));
        Assert.Equal($"Bearer {Secret}", headers["Authorization"]);
        Assert.Equal("tuner.gate.fail", JsonDocument.Parse(body).RootElement.GetProperty("event_type").GetString());
    }

    private async Task EndASweepAsync()
    {
        var now = time.GetUtcNow();
        await stores.Sweeps.AddSweepAsync(
            new StoredSweep { Id = new SweepId("one"), Name = "digits", Fingerprint = "aa", State = SweepState.Queued, Reason = "submitted", CreatedAt = now, ChangedAt = now, SeenAt = now }, "{}", default);
        var claim = (await stores.Claims.ClaimAsync(new SweepId("one"), "node", TimeSpan.FromSeconds(30), default))!;
        Assert.True(await stores.Sweeps.EndWorkAsync(claim, SweepState.Finished, "decided", null, default));
    }

    private async Task<Courier> OpenAsync(params PayloadKind[] kinds)
    {
        stores = new SweepStores(await SqliteDatabase.OpenAsync(Path.Combine(folder, "tuner.db"), default, time));
        var seal = SecretSeal.Of(stores.Database, new StateDirectory(folder), variable: null);
        outbox = new Outbox(stores.Database, seal);
        var subscriptions = new SubscriptionStore(stores.Database, seal);
        foreach (var kind in kinds)
        {
            await subscriptions.AddAsync(new Subscription(kind.ToString(), StoredSweep.DefaultProject, new Uri("https://receiver.example/hook"), kind, Secret), default);
        }

        return new Courier(outbox, new HttpClient(receiver, disposeHandler: false), time, NullLogger<Courier>.Instance);
    }

    private sealed class Receiver : HttpMessageHandler
    {
        public HttpStatusCode Answers { get; set; } = HttpStatusCode.OK;

        public List<(Dictionary<string, string> Headers, string Body)> Received { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = await request.Content!.ReadAsStringAsync(cancellationToken);
            lock (Received)
            {
                Received.Add((request.Headers.ToDictionary(header => header.Key, header => string.Join(' ', header.Value), StringComparer.OrdinalIgnoreCase), body));
            }

            return new HttpResponseMessage(Answers);
        }
    }
}
