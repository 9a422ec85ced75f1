using System.Buffers;
using System.Net;
using Tuner.SampleModel.Model;
using Tuner.SampleModel.Options;
using Tuner.SampleModel.Protocol;

namespace Tuner.SampleModel.Serving;

/// <summary>A running server. It is ready from the moment that it listens: weights, threads and compiled code come first.</summary>
internal sealed class ModelServer : IAsyncDisposable
{
    private const long LargestBody = 8 << 20;

    private readonly WebApplication app;
    private readonly InferenceService inference;

    private ModelServer(WebApplication app, InferenceService inference)
    {
        this.app = app;
        this.inference = inference;
        app.Lifetime.ApplicationStopping.Register(inference.Drain);
    }

    /// <summary>Where it listens, with the port that port 0 became.</summary>
    public Uri Address => new(app.Urls.First());

    /// <summary>Throws <see cref="IOException"/> or <see cref="System.Net.Sockets.SocketException"/> when it cannot listen there.</summary>
    public static async Task<ModelServer> Start(ServerOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var weights = ModelWeights.Create(ShippedModel.ReadWeights(), options.Precision);
        WarmUp(weights);
        var metrics = new ServerMetrics();
        var host = Build(options);
        var server = new ModelServer(host, new InferenceService(options, weights, metrics, time));
        host.Run(new InferenceEndpoints(options, ShippedModel.ReadRecord(), server.inference, metrics, host.Lifetime).Handle);
        try
        {
            await host.StartAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns after SIGTERM or SIGINT, when open requests were answered or a second is over.</summary>
    public Task WaitForShutdown(CancellationToken cancellationToken) => app.WaitForShutdownAsync(cancellationToken);

    /// <summary>What SIGTERM does: no new requests, what waits is computed, a second at most.</summary>
    public Task Stop(CancellationToken cancellationToken) => app.StopAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        inference.Dispose();
    }

    private static WebApplication Build(ServerOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Listen(IPAddress.Parse(options.Host), options.Port);
        });
        return builder.Build();
    }

    /// <summary>Compiles what the first request needs, so that it is not much slower than the next.</summary>
    private static void WarmUp(ModelWeights weights)
    {
        var body = """{"id":"0","inputs":[{"name":"image","shape":[1,64],"datatype":"FP32","data":[0],"parameters":{}}],"outputs":[{"name":"label"}]}"""u8;
        InferRequestReader.Read(new ReadOnlySequence<byte>(body.ToArray()), maxImages: 1);
        const int WholeBlockAndOne = 5;
        using var team = new ThreadTeam(1, "warm-up");
        var probabilities = Matrix<float>.Create(WholeBlockAndOne, DigitSet.Classes);
        var images = Matrix<float>.Create(WholeBlockAndOne, DigitSet.Pixels);
        DigitNetwork.Create(weights, WholeBlockAndOne, team).Classify(images, probabilities);
        InferResponse.Write(new ArrayBufferWriter<byte>(), new InferRequest("0", images, true, true), probabilities);
    }
}
