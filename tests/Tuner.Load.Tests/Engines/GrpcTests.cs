using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Tuner.Core.Loads;
using Tuner.Core.Measurements;
using HttpProtocol = Tuner.Core.Loads.HttpProtocol;

namespace Tuner.Load.Tests.Engines;

public class GrpcTests
{
    [Fact]
    public async Task Sends_unary_calls_and_counts_their_statuses()
    {
        var calls = new ConcurrentQueue<(string Path, string? Type, byte[] Body)>();
        await using var server = await StartAsync(calls);
        var profile = new LoadProfile
        {
            Request = new RequestTemplate { Protocol = HttpProtocol.Grpc, Path = "/inference.GRPCInferenceService/ModelInfer", Bodies = [new WeightedBody("request.pb", new byte[] { 8, 150, 1 }, 1)] },
            Arrival = Arrival.Constant,
            Phases = [new RatePhase("steady", TimeSpan.FromSeconds(0.4), 50)],
        };

        var measurement = await new LoadGenerator().RunAsync(profile, [new Uri(server.Urls.Single())], new LoadOptions(), CancellationToken.None);

        Assert.Equal("portable", measurement.Engine);
        Assert.Equal(20, measurement.Phases[0].Scheduled);
        Assert.Equal(10, measurement.Phases[0].Succeeded);
        Assert.Equal(10, measurement.Phases[0].Seconds[0].Errors["grpc 14"]);
        Assert.All(calls, call => Assert.Equal("/inference.GRPCInferenceService/ModelInfer", call.Path));
        Assert.All(calls, call => Assert.Equal("application/grpc", call.Type));
        Assert.All(calls, call => Assert.Equal([0, 0, 0, 0, 3, 8, 150, 1], call.Body));
    }

    private static async Task<WebApplication> StartAsync(ConcurrentQueue<(string Path, string? Type, byte[] Body)> calls)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var server = builder.Build();
        var count = 0;
        server.MapPost("/{service}/{method}", async (HttpContext context) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            calls.Enqueue((context.Request.Path, context.Request.ContentType, body.ToArray()));
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(new byte[] { 0, 0, 0, 0, 0 }, context.RequestAborted);

            // Every other call: UNAVAILABLE.
            context.Response.AppendTrailer("grpc-status", Interlocked.Increment(ref count) % 2 == 0 ? "14" : "0");
        });
        await server.StartAsync();
        return server;
    }
}
