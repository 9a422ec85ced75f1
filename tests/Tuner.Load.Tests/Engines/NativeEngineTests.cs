using Tuner.Core.Loads;
using Tuner.Load.Looping;
using Tuner.Load.Native;
using Tuner.Load.Recording;

namespace Tuner.Load.Tests.Engines;

public class NativeEngineTests : LoadEngineContract
{
    protected override LoadEngine Engine => LoadEngine.Native;

    [Fact]
    public async Task Allocates_nothing_per_request()
    {
        await using var server = new ScriptedServer((_, _) => ScriptedServer.Ok());

        AllocatedBy(server, 300);

        // What else differs is a histogram's pages for latencies not seen before, the more the busier the machine is: the
        // least of several tries is what the requests themselves cost. The smallest object has 24 bytes.
        var more = Enumerable.Range(0, 3).Min(_ => AllocatedBy(server, 15_300) - AllocatedBy(server, 300));
        Assert.InRange(more, long.MinValue, 15_000 * 20);
    }

    [Fact]
    public async Task Several_threads_send_one_schedule_between_them()
    {
        await using var server = new ScriptedServer((_, _) => ScriptedServer.Ok());

        var measurement = await new LoadGenerator().RunAsync(Requests(101), [server.Address], Options() with { Threads = 3 }, CancellationToken.None);

        Assert.Equal(101, Phase(measurement).Succeeded);
        Assert.Equal(101, server.Requests);
        Assert.Equal(3, measurement.Generator.Threads);
    }

    [Fact]
    public void Says_why_it_cannot_send_a_load()
    {
        Assert.Contains("plain http", EngineChoice.NativeObstacle(Requests(1), [new Uri("https://127.0.0.1")]), StringComparison.Ordinal);
        Assert.Contains("HTTP/1.1", EngineChoice.NativeObstacle(Requests(1) with { Request = new RequestTemplate { Protocol = HttpProtocol.Grpc } }, [new Uri("http://127.0.0.1")]), StringComparison.Ordinal);
        Assert.Null(EngineChoice.NativeObstacle(Requests(1), [new Uri("http://127.0.0.1")]));
    }

    private static long AllocatedBy(ScriptedServer server, long requests)
    {
        var profile = Lasting(TimeSpan.FromMinutes(5));
        var plan = LoadPlan.Create(profile, new LoadOptions(), 1);

        // A record for one second takes all that come later too: every further one would have a histogram of its own.
        var recorder = new LoadRecorder(LoadPlan.Create(Lasting(TimeSpan.FromSeconds(1)), new LoadOptions(), 1).Phases);
        using var bytes = new RequestBytes(profile, [server.Address]);
        using var wire = new EpollWire(profile, bytes, [EngineChoice.Resolve(server.Address)], 2);
        var loop = new LoadLoop(plan, wire, new UserRequests(plan.Phases, 0, 1, requests), recorder, new LoopControl(), 2);
        var before = GC.GetAllocatedBytesForCurrentThread();
        loop.Run(wire.Now);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static LoadProfile Lasting(TimeSpan time) => Users(2) with { Phases = [new UsersPhase("all", time, 2)] };
}
