using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Rendering;
using Tuner.Argo.Tests.Cluster;
using Tuner.Argo.Tests.Standin;
using Tuner.Testing.Time;

namespace Tuner.Argo.Tests.Kubernetes;

/// <summary>Servers that take a connection and then say nothing, as behind a line that died without a word.</summary>
public sealed class SilentServerTests : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(10);
    private readonly HttpListener listener = new();
    private readonly ManualTime time = new();
    private readonly IKubernetesApi api;
    private readonly List<Task> answers = [];
    private int asked;

    public SilentServerTests()
    {
        var address = AnswerServer.FreeAddress();
        listener.Prefixes.Add(address + "");
        listener.Start();
        api = KubernetesClient.Connect(new ClusterAccess { Server = address, Credentials = new FixedCredentials("t", null), Source = "a test" }, time);
    }

    [Fact]
    public async Task A_request_that_is_never_answered_ends_as_a_server_that_cannot_be_reached()
    {
        Serve(_ => Task.CompletedTask);

        var requests = 0;
        foreach (var ask in new Func<Task>[]
        {
            () => api.GetAsync("api/v1/namespaces/x/pods/a", default),
            () => api.CreateAsync("api/v1/namespaces/x/pods", [], default),
            () => api.PatchAsync("api/v1/namespaces/x/pods/a", new MergePatchBody([]), default),
            () => api.DeleteAsync("api/v1/namespaces/x/pods/a", [], default),
            () => api.LogAsync("api/v1/namespaces/x/pods/a/log", null, 1, 1, "false", default),
            () => api.WatchAsync("api/v1/namespaces/x/pods", null, "1", 60, "1", "true", default),
        })
        {
            Assert.Contains("did not answer within 70 s", (await Assert.ThrowsAsync<HttpRequestException>(() => PassingAsync(ask(), ++requests))).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_answer_that_stops_half_way_ends_too()
    {
        Serve(async context =>
        {
            context.Response.ContentLength64 = 1_000;
            await context.Response.OutputStream.WriteAsync("{ \"items\":"u8.ToArray());
            await context.Response.OutputStream.FlushAsync();
        });

        Assert.Contains("did not answer within", (await Assert.ThrowsAsync<HttpRequestException>(() => PassingAsync(api.GetAsync("api/v1/namespaces/x/pods", default), requests: 1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watch_that_falls_silent_is_asked_for_again()
    {
        Serve(async context =>
        {
            var watch = context.Request.Url!.Query.Contains("watch=1", StringComparison.Ordinal);
            var said = watch
                ? $$$"""{"type":"ADDED","object":{"metadata":{"name":"a{{{asked}}}","uid":"a{{{asked}}}","resourceVersion":"{{{asked}}}","labels":{"tuner/trial":"mine"} } } }""" + "\n"
                : """{"metadata":{"resourceVersion":"1"},"items":[]}""";
            if (watch)
            {
                context.Response.SendChunked = true;
            }

            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(said));
            await context.Response.OutputStream.FlushAsync();
            if (!watch)
            {
                context.Response.Close();
            }
        });
        var heard = new ConcurrentQueue<ResourceEvent>();
        using var enough = new CancellationTokenSource();
        var following = Task.Run(async () =>
        {
            await foreach (var news in new ResourceWatch(api, "api/v1/namespaces/x/pods", "tuner/owner=t", TunerLabels.Trial, time).FollowAsync("mine", enough.Token))
            {
                heard.Enqueue(news);
            }
        });

        // Time passes only while the watch is known to be read, or waits to try again.
        await Until(() => heard.OfType<ResourceEvent.Changed>().Any(), pass: TimeSpan.Zero);
        await Until(() => heard.OfType<ResourceEvent.Trouble>().Any(), pass: Step);
        await Until(() => heard.OfType<ResourceEvent.Changed>().Count() > 1, pass: TimeSpan.FromMilliseconds(100));
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);

        Assert.Equal("the API server said nothing for too long", heard.OfType<ResourceEvent.Trouble>().First().Reason);
    }

    [Fact]
    public async Task Whoever_gives_up_a_request_is_not_told_of_a_silent_server()
    {
        Serve(_ => Task.CompletedTask);
        using var patience = new CancellationTokenSource();
        var request = api.GetAsync("api/v1/namespaces/x/pods/a", patience.Token);

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
    }

    public async ValueTask DisposeAsync()
    {
        listener.Close();
        await Task.WhenAll(answers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Serve(Func<HttpListenerContext, Task> answer) => answers.Add(Task.Run(async () =>
    {
        while (listener.IsListening)
        {
            var context = await listener.GetContextAsync();
            Interlocked.Increment(ref asked);
            await answer(context);
        }
    }));

    /// <summary>Lets time pass once the server has heard of so many requests, until the work has ended.</summary>
    private async Task PassingAsync(Task work, int requests)
    {
        await Until(() => work.IsCompleted || Volatile.Read(ref asked) >= requests, pass: TimeSpan.Zero);
        await Until(() => work.IsCompleted, Step);
        await work;
    }

    private async Task Until(Func<bool> holds, TimeSpan pass) => Assert.True(await ArgoNamespace.Until(() =>
    {
        if (!holds())
        {
            time.Advance(pass);
        }

        return Task.FromResult(holds());
    }));
}
