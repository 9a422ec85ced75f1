using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Tuner.Core.Loads;
using Tuner.Core.Measurements;

namespace Tuner.Load.Tests.Engines;

/// <summary>What every engine must do, against a server of real sockets. Times are wide: only what must happen is asserted, not how fast.</summary>
public abstract class LoadEngineContract
{
    protected abstract LoadEngine Engine { get; }

    [Fact]
    public async Task Sends_what_was_scheduled_and_counts_every_answer()
    {
        await using var server = new ScriptedServer((_, _) => ScriptedServer.Ok());

        var measurement = await RunAsync(server, Requests(200));

        Assert.Equal(200, Phase(measurement).Scheduled);
        Assert.Equal(200, Phase(measurement).Succeeded);
        Assert.Equal(200, server.Requests);
        Assert.Equal(200, Phase(measurement).Series(Measurement.LatencySeries).Count);
        Assert.Equal(200, measurement.Generator.ScheduleLag.Count);
        Assert.Equal(Engine.ToString().ToLowerInvariant(), measurement.Engine);
        Assert.True(measurement.Generator.CpuCores > 0);
    }

    [Fact]
    public async Task Counts_what_each_of_several_targets_got_and_answered()
    {
        await using var first = new ScriptedServer((_, _) => ScriptedServer.Ok());
        await using var second = new ScriptedServer((_, _) => ScriptedServer.Ok());

        var measurement = await new LoadGenerator().RunAsync(Requests(101), [first.Address, second.Address], Options(), CancellationToken.None);

        Assert.Equal([new(first.Address.Authority, 51, 51), new(second.Address.Authority, 50, 50)], measurement.Replicas!.Value.AsEnumerable());
        Assert.Equal((51, 50), (first.Requests, second.Requests));
    }

    [Fact]
    public async Task Keeps_users_busy_in_the_closed_model()
    {
        await using var server = new ScriptedServer((_, _) => ScriptedServer.Ok());

        var measurement = await RunAsync(server, Users(4));

        Assert.True(Phase(measurement).Succeeded > 20);
        Assert.Equal(0, Phase(measurement).Failed);
        Assert.Equal(4, measurement.Generator.PeakConnections);
        Assert.Equal(4, server.Connections);
        Assert.False(measurement.OpenModel);
    }

    [Fact]
    public async Task Sends_method_path_headers_and_body_as_written()
    {
        await using var server = new ScriptedServer((_, _) => ScriptedServer.Ok());
        var request = new RequestTemplate
        {
            Method = "POST",
            Path = "/v2/models/digits/infer?x=1",
            Headers = [new("X-Team", "vision"), new("Host", "models.test")],
            Bodies = [new WeightedBody("small.json", "{\"a\":1}"u8.ToArray(), 1)],
        };

        await RunAsync(server, Requests(10) with { Request = request });

        Assert.StartsWith("POST /v2/models/digits/infer?x=1 HTTP/1.1\r\n", server.LastRequest, StringComparison.Ordinal);
        Assert.Contains("X-Team: vision\r\n", server.LastRequest, StringComparison.Ordinal);
        Assert.Contains("Host: models.test\r\n", server.LastRequest, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/json\r\n", server.LastRequest, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n{\"a\":1}", server.LastRequest, StringComparison.Ordinal);
    }

    public static TheoryData<string> Answers => new(
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200\r\ncontent-length:0\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3;ext=1\r\nabc\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nTrailer: yes\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Understands_every_framing_also_byte_by_byte(string answer)
    {
        await using var server = new ScriptedServer((_, number) => number % 2 == 0 ? new Reply(answer) : new Reply(answer).ByteByByte());

        var measurement = await RunAsync(server, Requests(40));

        Assert.Equal(40, Phase(measurement).Succeeded);
    }

    [Fact]
    public async Task Reads_to_the_end_of_the_connection_where_no_length_is_given()
    {
        await using var server = new ScriptedServer((_, _) => new Reply("HTTP/1.0 200 OK\r\n\r\nhello") { Closes = true });

        var measurement = await RunAsync(server, Requests(40));

        Assert.Equal(40, Phase(measurement).Succeeded);
        Assert.Equal(40, server.Connections);
    }

    [Fact]
    public async Task Opens_a_new_connection_where_the_server_closes_the_kept_one()
    {
        await using var server = new ScriptedServer((_, number) => ScriptedServer.Ok() with { Closes = number % 3 == 2 });

        var measurement = await RunAsync(server, Requests(60));

        Assert.Equal(60, Phase(measurement).Succeeded);
        Assert.True(server.Connections >= 20);
    }

    [Fact]
    public async Task Opens_a_connection_for_each_request_where_reuse_is_off()
    {
        await using var server = new ScriptedServer((_, _) => ScriptedServer.Ok());

        var measurement = await RunAsync(server, Requests(40) with { Connections = new ConnectionPolicy { Reuse = false } });

        Assert.Equal(40, Phase(measurement).Succeeded);
        Assert.Equal(40, server.Connections);
        Assert.Contains("Connection: close", server.LastRequest, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Faults => new()
    {
        { "SSH-2.0-OpenSSH_9.2\r\n\r\n", ErrorKinds.Protocol },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", ErrorKinds.Protocol },
        { "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\ntoo short", ErrorKinds.Closed },
        { "", ErrorKinds.Closed },
        { "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", "status 503" },
        { "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n", "status 302" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Counts_what_went_wrong_by_kind(string answer, string kind)
    {
        await using var server = new ScriptedServer((_, _) => new Reply(answer) { Closes = true });

        var measurement = await RunAsync(server, Requests(20));

        var errors = Phase(measurement).Seconds.SelectMany(second => second.Errors).ToList();
        Assert.All(errors, error => Assert.Equal(kind, error.Key));
        Assert.Equal(20, errors.Sum(error => error.Value));
        Assert.Equal(20, Phase(measurement).Scheduled);
    }

    [Fact]
    public async Task Times_the_events_of_a_streamed_answer()
    {
        const string head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
        await using var server = new ScriptedServer((_, _) => new Reply(head + "9\r\n: hello\n\n\r\n9\r\ndata: a\n\n\r\n12\r\ndata: b\n\ndata: c\n\n\r\n0\r\n\r\n"));

        var measurement = await RunAsync(server, Requests(20) with { Request = new RequestTemplate { Streams = true } });

        Assert.Equal(20, Phase(measurement).Succeeded);
        Assert.Equal(20, Phase(measurement).Series(Measurement.FirstEventSeries).Count);
        Assert.Equal(40, Phase(measurement).Series(Measurement.BetweenEventsSeries).Count);
    }

    [Fact]
    public async Task Takes_a_status_for_success_where_it_is_expected()
    {
        await using var server = new ScriptedServer((_, _) => new Reply("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"));

        var measurement = await RunAsync(server, Requests(20) with { Request = new RequestTemplate { ExpectedStatus = [404] } });

        Assert.Equal(20, Phase(measurement).Succeeded);
    }

    [Fact]
    public async Task Counts_refused_connections()
    {
        Uri nobody;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            nobody = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        }

        var measurement = await new LoadGenerator().RunAsync(Requests(20), [nobody], Options(), CancellationToken.None);

        Assert.Equal(20, Phase(measurement).Seconds.Sum(second => second.Errors.GetValueOrDefault(ErrorKinds.Connect)));
    }

    [Fact]
    public async Task Gives_up_after_the_timeout_and_counts_the_time_waited()
    {
        await using var server = new ScriptedServer((_, number) => number < 5 ? new Reply("") { Hangs = true } : ScriptedServer.Ok());

        var measurement = await RunAsync(server, Requests(50) with { Timeout = TimeSpan.FromMilliseconds(400) });

        Assert.Equal(5, Phase(measurement).Seconds[0].Errors[ErrorKinds.Timeout]);
        Assert.Equal(45, Phase(measurement).Succeeded);
        Assert.True(Phase(measurement).Series(Measurement.LatencySeries).Quantile(0.95) >= TimeSpan.FromMilliseconds(399));
    }

    [Fact]
    public async Task Running_out_of_connections_is_invalid_and_not_slow()
    {
        await using var server = new ScriptedServer((_, _) => new Reply("") { Hangs = true });
        var profile = Requests(50) with { Timeout = TimeSpan.FromMilliseconds(500), Connections = new ConnectionPolicy { Max = 5 } };

        var measurement = await RunAsync(server, profile);

        Assert.False(measurement.IsValid);
        Assert.Contains(measurement.InvalidReasons, reason => reason.Contains("connections.max", StringComparison.Ordinal));
        Assert.Equal(50, Phase(measurement).Failed);
    }

    [Fact]
    public async Task Spreads_requests_over_the_endpoints()
    {
        await using var first = new ScriptedServer((_, _) => ScriptedServer.Ok());
        await using var second = new ScriptedServer((_, _) => ScriptedServer.Ok());

        await new LoadGenerator().RunAsync(Requests(60), [first.Address, second.Address], Options(), CancellationToken.None);

        Assert.Equal(30, first.Requests);
        Assert.Equal(30, second.Requests);
    }

    [Fact]
    public async Task Cancelled_it_throws_and_leaves_nothing_running()
    {
        await using var server = new ScriptedServer((_, _) => ScriptedServer.Ok());
        using var cancel = new CancellationTokenSource();
        var profile = Requests(50) with { Phases = [new RatePhase("long", TimeSpan.FromHours(1), 50)] };

        var run = new LoadGenerator().RunAsync(profile, [server.Address], Options() with { Progress = _ => cancel.Cancel() }, cancel.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public async Task Asked_to_finish_it_ends_with_what_it_has()
    {
        await using var server = new ScriptedServer((_, _) => ScriptedServer.Ok());
        using var finish = new CancellationTokenSource();
        var profile = Requests(50) with { Phases = [new RatePhase("long", TimeSpan.FromHours(1), 50)] };
        void FinishLater(LoadProgress progress)
        {
            if (progress.Requests > 20)
            {
                finish.Cancel();
            }
        }

        var measurement = await new LoadGenerator().RunAsync(profile, [server.Address], Options() with { Finish = finish.Token, Progress = FinishLater }, CancellationToken.None);

        Assert.Equal("asked to finish", measurement.EndedEarly);
        Assert.True(Phase(measurement).Succeeded > 20);
        Assert.True(Phase(measurement).Duration < TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_decision_on_the_seconds_so_far_ends_the_load_with_its_reason()
    {
        await using var server = new ScriptedServer((_, _) => ScriptedServer.Ok());
        var profile = Requests(50) with { Phases = [new RatePhase("long", TimeSpan.FromHours(1), 50)] };

        var measurement = await new LoadGenerator().RunAsync(
            profile,
            [server.Address],
            Options() with { EndEarly = phases => phases[0].Seconds.Length >= 2 ? $"{phases[0].Seconds.Length} seconds are enough" : null },
            CancellationToken.None);

        Assert.EndsWith("seconds are enough", measurement.EndedEarly, StringComparison.Ordinal);
        Assert.True(Phase(measurement).Seconds.Length >= 2);
        Assert.Equal(Phase(measurement).Scheduled, Phase(measurement).Succeeded);
    }

    /// <summary>So many requests, evenly spread over 0.4 s.</summary>
    [Fact]
    public async Task A_batch_is_over_when_it_is_answered()
    {
        await using var server = new ScriptedServer((_, _) => ScriptedServer.Ok());

        var batch = new UsersPhase("batch", TimeSpan.FromMinutes(1), 3, Requests: 60);
        var measurement = await RunAsync(server, Users(3) with { Phases = [batch] });

        Assert.Equal(60, Phase(measurement).Succeeded);
        Assert.Equal(60, server.Requests);
        Assert.InRange(Phase(measurement).Duration, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(30));
    }

    protected static LoadProfile Requests(double count) => new()
    {
        Request = new RequestTemplate(),
        Arrival = Arrival.Constant,
        Phases = [new RatePhase("steady", TimeSpan.FromSeconds(0.4), count / 0.4)],
    };

    protected static LoadProfile Users(int users) => new()
    {
        Request = new RequestTemplate(),
        Arrival = Arrival.Closed,
        Phases = [new UsersPhase("steady", TimeSpan.FromSeconds(0.5), users)],
    };

    protected static PhaseMeasurement Phase(Measurement measurement) => measurement.Phases[0];

    protected virtual LoadOptions Options() => new() { Engine = Engine };

    private protected Task<Measurement> RunAsync(ScriptedServer server, LoadProfile profile) =>
        new LoadGenerator().RunAsync(profile, [server.Address], Options(), CancellationToken.None);
}
