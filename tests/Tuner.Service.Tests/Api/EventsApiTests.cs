using System.Net;
using System.Text;
using Tuner.Client;
using Tuner.Core.Api;
using Tuner.Core.Trials;
using Tuner.Service.Tests.Engine;
using Tuner.Testing.Sweeps;

namespace Tuner.Service.Tests.Api;

public sealed class EventsApiTests
{
    [Fact]
    public async Task Events_tell_where_a_sweep_stands_then_every_change_and_end_with_it()
    {
        var gate = new GatedRunner();
        await using var tuner = await ServedTuner.StartAsync(gate);
        using var client = tuner.Connect();
        var id = (await client.Api.SubmitAsync(SmallTexts.Body(), null, null, CancellationToken.None)).Id;
        await gate.Started;

        var events = new List<SweepEventView>();
        await foreach (var happened in client.WatchAsync(id, CancellationToken.None))
        {
            events.Add(happened);
            gate.OpenForOne();
        }

        var trials = events.Where(happened => happened.Kind is SweepEventView.TrialKind).Select(happened => happened.Trial!).ToList();
        Assert.Equal((1, "measuring"), (trials[0].Number, trials[0].State));
        Assert.Contains(trials, trial => trial is { Number: 1, State: "measured" });
        Assert.Equal("finished", events[^1].Sweep!.State);
    }

    [Fact]
    public async Task A_reader_who_comes_back_after_the_end_is_told_to_stop_and_any_other_where_it_stands()
    {
        await using var tuner = await ServedTuner.StartAsync(new ScriptedRunner(_ => new TrialState.Measured(SmallSweep.Steady(milliseconds: 20))));
        using var client = tuner.Connect();
        using var http = new HttpClient { BaseAddress = tuner.Url };
        var id = (await client.Api.SubmitAsync(SmallTexts.Body(), null, null, CancellationToken.None)).Id;
        await client.EndOfAsync(id);

        var (status, events) = await AskAsync(last: "17");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("\nid: ended\n", events, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.NoContent, ""), await AskAsync(last: "ended"));

        async Task<(HttpStatusCode Status, string Events)> AskAsync(string last)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"api/v1/sweeps/{id}/events");
            request.Headers.Add("Last-Event-ID", last);
            using var answer = await http.SendAsync(request);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task A_glimpse_of_a_running_trial_comes_as_progress()
    {
        var gate = new GatedRunner();
        await using var tuner = await ServedTuner.StartAsync(gate);
        using var client = tuner.Connect();
        var id = (await client.Api.SubmitAsync(SmallTexts.Body(), null, null, CancellationToken.None)).Id;
        await gate.Started;
        TrialGlimpse? glimpse = null;
        await foreach (var happened in client.WatchAsync(id, CancellationToken.None))
        {
            // From its first event on, the reader hears of everything.
            gate.Glimpse();
            if ((glimpse = happened.Progress) is not null)
            {
                break;
            }
        }

        Assert.Equal((1, "phase steady", 0.5, 0.02), (glimpse!.Trial, glimpse.Step, glimpse.Share, glimpse.P99Seconds));
    }

    [Fact]
    public async Task A_reader_that_never_reads_delays_no_trial()
    {
        var chatty = new ChattyRunner();
        await using var tuner = await ServedTuner.StartAsync(chatty);
        using var client = tuner.Connect();
        var id = (await client.Api.SubmitAsync(SmallTexts.Body(), null, null, CancellationToken.None)).Id;
        using var http = new HttpClient { BaseAddress = tuner.Url };
        using var stuck = await http.GetAsync(new Uri($"api/v1/sweeps/{id}/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);

        var ended = await client.EndOfAsync(id);

        Assert.Equal(HttpStatusCode.OK, stuck.StatusCode);
        Assert.Equal("finished", ended.State);
        Assert.True(chatty.Glimpses >= 3 * ChattyRunner.GlimpsesOfATrial, $"only {chatty.Glimpses} glimpses were given");
    }

    [Fact]
    public async Task A_sweep_that_another_node_runs_is_followed_to_its_end()
    {
        var gate = new GatedRunner();
        await using var runs = await ServedTuner.StartAsync(gate);
        await using var tells = await ServedTuner.StartAsync(gate, options => options with { Database = runs.Database, Engine = options.Engine with { MaxSweeps = 0 } }, targets: false);
        using var client = tells.Connect();
        var id = (await client.Api.SubmitAsync(SmallTexts.Body(), null, null, CancellationToken.None)).Id;
        await gate.Started;

        var events = new List<SweepEventView>();
        await foreach (var happened in client.WatchAsync(id, CancellationToken.None))
        {
            events.Add(happened);
            gate.Open();
        }

        Assert.Contains(events, happened => happened.Trial is { Number: 1, State: "measured" });
        Assert.Equal("finished", events[^1].Sweep!.State);
    }

    [Fact]
    public async Task Events_of_a_sweep_that_is_not_there_are_a_problem()
    {
        await using var tuner = await ServedTuner.StartAsync(new ScriptedRunner(_ => new TrialState.Measured(SmallSweep.Steady(20))));
        using var client = tuner.Connect();

        var refused = await Assert.ThrowsAsync<TunerApiException>(async () => await client.WatchAsync("none", CancellationToken.None).GetAsyncEnumerator().MoveNextAsync());

        Assert.Equal(HttpStatusCode.NotFound, refused.Status);
    }

    /// <summary>Gives more glimpses than any connection buffers.</summary>
    private sealed class ChattyRunner : ITrialRunner
    {
        public const int GlimpsesOfATrial = 20_000;
        private int glimpses;

        public int Glimpses => glimpses;

        public async Task<TrialOutcome> RunAsync(Core.Sweeps.Sweep sweep, Trial trial, ITrialObserver observer, CancellationToken cancellationToken)
        {
            await observer.MeasuringAsync(cancellationToken);
            var step = new StringBuilder().Insert(0, "a long step ", 50).ToString();
            for (var index = 0; index < GlimpsesOfATrial; index++)
            {
                observer.Progress(new TrialProgress(step, index / (double)GlimpsesOfATrial));
                Interlocked.Increment(ref glimpses);
            }

            return new TrialOutcome(new TrialState.Measured(SmallSweep.Steady(milliseconds: 20)), TimeSpan.FromSeconds(25));
        }

        public Task<IReadOnlyList<string>> RemoveLeftoversAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);
    }
}
