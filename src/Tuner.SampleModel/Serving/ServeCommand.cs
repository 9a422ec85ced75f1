using System.Buffers;
using System.Net;
using Tuner.SampleModel.Model;
using Tuner.SampleModel.Options;
using Tuner.SampleModel.Protocol;

namespace Tuner.SampleModel.Serving;

/// <summary>Runs the server until it is told to stop (SIGTERM, SIGINT).</summary>
internal static class ServeCommand
{
    private const long LargestBody = 8 << 20;

    public static async Task<int> Run(ServerOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var weights = ModelWeights.Create(ShippedModel.ReadWeights(), options.Precision);
        WarmUp(weights);
        var metrics = new ServerMetrics();
        using var inference = new InferenceService(options, weights, metrics, time);
        await using var app = Build(options);
        new InferenceEndpoints(options, ShippedModel.ReadRecord(), inference, metrics, app.Lifetime).Map(app);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException e)
        {
            await Console.Error.WriteLineAsync($"--port: cannot listen on {options.Host}:{options.Port}: {e.Message} Choose another port, or 0 for a free one.");
            return ExitCodes.BadInput;
        }

        await Console.Out.WriteLineAsync($"ready on {app.Urls.First()} after {Environment.CpuUsage.TotalTime.TotalSeconds:F2} CPU-seconds");
        await app.WaitForShutdownAsync(cancellationToken);
        return ExitCodes.Success;
    }

    private static WebApplication Build(ServerOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
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
