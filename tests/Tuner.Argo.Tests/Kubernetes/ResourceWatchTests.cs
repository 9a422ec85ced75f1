using System.Net;
using System.Text;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Rendering;

namespace Tuner.Argo.Tests.Kubernetes;

public sealed class ResourceWatchTests
{
    private const string Gone = """{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old resource version"}}""";

    [Fact]
    public async Task Goes_on_after_the_end_of_a_watch_from_the_version_it_has_seen()
    {
        var server = new Scripted(
            List("5", Item("a", "1")),
            Watch("""{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"9"}}}"""),
            Watch(Event("MODIFIED", Item("a", "11"))));

        var seen = await HearAsync(server, news => news is ResourceEvent.Changed { Item: var item } && item.Text("metadata", "resourceVersion") == "11");

        Assert.IsType<ResourceEvent.Synced>(seen[1]);
        Assert.Equal(1, server.Asked.Count(query => !query.Contains("watch=1", StringComparison.Ordinal)));
        Assert.Contains(server.Asked, query => query.Contains("resourceVersion=9", StringComparison.Ordinal) && query.Contains("allowWatchBookmarks=true", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lists_again_when_the_version_is_gone_and_tells_what_was_deleted_meanwhile()
    {
        var server = new Scripted(List("5", Item("a", "1"), Item("b", "2")), Watch(Gone), List("20", Item("a", "1")), Watch());

        var seen = await HearAsync(server, news => news is ResourceEvent.Deleted);

        Assert.Equal("b", ((ResourceEvent.Deleted)seen[^1]).Item.Text("metadata", "name"));
        Assert.Equal(2, server.Asked.Count(query => !query.Contains("watch=1", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_server_that_is_away_is_told_of_and_then_heard_again()
    {
        var server = new Scripted(List("5"), () => throw new HttpRequestException("connection refused"), Watch(Event("ADDED", Item("a", "6"))));

        var seen = await HearAsync(server, news => news is ResourceEvent.Changed);

        Assert.Contains(seen, news => news is ResourceEvent.Trouble { Denied: false, Reason: "connection refused" });
    }

    [Fact]
    public async Task Trouble_lasts_from_the_first_try_that_failed_until_an_answer()
    {
        Func<string> away = () => throw new HttpRequestException("connection refused");
        var server = new Scripted(List("5"), away, away, away, Watch());

        var seen = await HearAsync(server, news => news is ResourceEvent.Synced, skip: 1);

        var since = seen.OfType<ResourceEvent.Trouble>().Select(news => news.Since).ToArray();
        Assert.Equal(3, since.Length);
        Assert.True(since[0] < since[1] && since[1] < since[2], string.Join(", ", since));
    }

    [Fact]
    public async Task A_follower_hears_of_its_own_objects_only()
    {
        var server = new Scripted(List("5", Item("x", "1", "other"), Item("a", "2")), Watch(Event("ADDED", Item("y", "6", "other")), Event("ADDED", Item("last", "7"))));

        var seen = await HearAsync(server, news => news is ResourceEvent.Changed { Item: var item } && item.Text("metadata", "name") == "last");

        Assert.Equal(["a", "last"], seen.OfType<ResourceEvent.Changed>().Select(news => news.Item.Text("metadata", "name")));
    }

    [Fact]
    public async Task Many_followers_share_one_list_and_one_watch()
    {
        var server = new Scripted(List("5", Item("a", "1")), Watch());
        var watch = WatchOver(server);
        using var done = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var heard = 0;
        var everybody = new TaskCompletionSource();
        var followers = Enumerable.Range(0, 200).Select(async _ =>
        {
            await foreach (var news in watch.FollowAsync("mine", done.Token).Where(news => news is ResourceEvent.Changed))
            {
                if (Interlocked.Increment(ref heard) == 200)
                {
                    everybody.SetResult();
                }

                await everybody.Task.WaitAsync(done.Token);
                break;
            }
        });

        await Task.WhenAll(followers);
        Assert.Equal(1, watch.Lists);
    }

    private static async Task<List<ResourceEvent>> HearAsync(Scripted server, Func<ResourceEvent, bool> last, int skip = 0)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var seen = new List<ResourceEvent>();
        await foreach (var news in WatchOver(server).FollowAsync("mine", patience.Token))
        {
            seen.Add(news);
            if (last(news) && skip-- == 0)
            {
                break;
            }
        }

        return seen;
    }

    private static ResourceWatch WatchOver(Scripted server) =>
        new(KubernetesClient.Over(server, new Uri("https://cluster.test")), "api/v1/namespaces/x/pods", "tuner/owner=t", TunerLabels.Trial, TimeProvider.System);

    private static string Item(string name, string version, string trial = "mine") =>
        $$$"""{"metadata":{"name":"{{{name}}}","uid":"{{{name}}}","resourceVersion":"{{{version}}}","labels":{"tuner/trial":"{{{trial}}}"} } }""";

    private static string Event(string type, string item) => $$"""{"type":"{{type}}","object":{{item}}}""";

    private static Func<string> List(string version, params string[] items) => () => $$"""{"metadata":{"resourceVersion":"{{version}}"},"items":[{{string.Join(',', items)}}]}""";

    private static Func<string> Watch(params string[] events) => () => string.Join('\n', events) + "\n";

    /// <summary>Answers in turn; after the last answer, watches stay silent.</summary>
    private sealed class Scripted(params Func<string>[] answers) : HttpMessageHandler
    {
        private int next;

        public List<string> Asked { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Func<string>? answer;
            lock (Asked)
            {
                Asked.Add(request.RequestUri!.Query);
                answer = next < answers.Length ? answers[next++] : null;
            }

            if (answer is null)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(answer!(), Encoding.UTF8, "application/json") };
        }
    }
}
