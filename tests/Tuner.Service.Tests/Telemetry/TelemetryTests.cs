using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Tuner.Core.Trials;
using Tuner.Service.Tests.Api;
using Tuner.Service.Tests.Engine;
using Tuner.Testing.Sweeps;

namespace Tuner.Service.Tests.Telemetry;

public sealed class TelemetryTests
{
    private static ScriptedRunner Fast => new(_ => new TrialState.Measured(SmallSweep.Steady(milliseconds: 20)));

    [Fact]
    public async Task Sweep_trials_and_steps_are_spans_one_within_the_other()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Tuner",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        string id;
        await using (var tuner = await ServedTuner.StartAsync(Fast))
        {
            using var client = tuner.Connect();
            id = (await client.Api.SubmitAsync(SmallTexts.Body("name: small", "name: traced"), null, null, CancellationToken.None)).Id;
            await client.EndOfAsync(id);
        }

        // Other tests run at the same time: what counts are the spans of this sweep.
        var sweep = Assert.Single(ended, span => span.DisplayName is "sweep" && Equals(span.GetTagItem("tuner.sweep"), id));
        var trials = ended.Where(span => span.DisplayName is "trial" && span.ParentSpanId == sweep.SpanId).ToList();
        Assert.Contains($"{id}-1", trials.Select(span => span.GetTagItem("tuner.trial")));
        Assert.All(trials, trial => Assert.Equal(("Measured", ActivityStatusCode.Ok), (trial.GetTagItem("tuner.state"), trial.Status)));
        Assert.Equal(["deploying", "measuring", "load"], ended.Where(span => span.ParentSpanId == trials[0].SpanId).Select(span => span.DisplayName));
    }

    [Fact]
    public async Task Every_change_of_a_state_is_one_line_in_the_log()
    {
        await using var tuner = await ServedTuner.StartAsync(Fast);
        using var client = tuner.Connect();
        var id = (await client.Api.SubmitAsync(SmallTexts.Body(), null, null, CancellationToken.None)).Id;
        await client.EndOfAsync(id);

        // A state is stored before its line is written: what is stopped has written all of them.
        await tuner.StopAsync();
        var lines = tuner.Log.Text.Split('\n');

        Assert.Single(lines, line => line.StartsWith($"Sweep {id} is Running", StringComparison.Ordinal));
        Assert.Single(lines, line => line.StartsWith($"Sweep {id} is Finished: ", StringComparison.Ordinal));
        foreach (var state in new[] { "Deploying (Baseline)", "Measuring: the candidate is ready", "Measured: the load ran to its end" })
        {
            Assert.Single(lines, line => line.StartsWith($"Trial {id}-1 of small is {state}", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Traces_and_metrics_reach_a_collector_over_otlp()
    {
        var received = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        await using var collector = Collector(received);
        await collector.StartAsync();
        await using (var tuner = await ServedTuner.StartAsync(Fast, options => options with { Collector = new Uri(collector.Urls.First()) }))
        {
            using var client = tuner.Connect();
            await client.EndOfAsync((await client.Api.SubmitAsync(SmallTexts.Body(), null, null, CancellationToken.None)).Id);
            await tuner.StopAsync();
        }

        Assert.Contains("tuner.trial", received["/v1/traces"], StringComparison.Ordinal);
        Assert.Contains("measuring", received["/v1/traces"], StringComparison.Ordinal);
        Assert.Contains("tuner.trials", received["/v1/metrics"], StringComparison.Ordinal);
        Assert.All(received.Values, text => Assert.DoesNotContain(SmallTexts.Secret, text, StringComparison.Ordinal));
    }

    /// <summary>Keeps what is sent to it, by path; names in protobuf are plain text.</summary>
    private static WebApplication Collector(ConcurrentDictionary<string, string> received)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.MapPost("/v1/{kind}", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            received.AddOrUpdate(request.Path.Value!, _ => Encoding.Latin1.GetString(body.ToArray()), (_, before) => before + Encoding.Latin1.GetString(body.ToArray()));
            return Results.Ok();
        });
        return app;
    }
}
