using System.IO.Pipelines;
using Tuner.SampleModel.Options;
using Tuner.SampleModel.Serving;
using Tuner.SampleModel.Training;

namespace Tuner.SampleModel.Protocol;

/// <summary>
/// The addresses of the Open Inference Protocol, version 2, and the two that operators know (<c>/healthz</c>, <c>/metrics</c>).
/// A switch instead of a routing table: ten fixed addresses do not repay what a table costs at the start of a process that
/// may have a quarter of a core.
/// </summary>
internal sealed class InferenceEndpoints(
    ServerOptions options, TrainingRecord record, InferenceService inference, ServerMetrics metrics, IHostApplicationLifetime lifetime)
{
    private const string ModelPath = "/v2/models/" + ModelCard.Name;

    private readonly byte[] server = ModelCard.Server();
    private readonly byte[] model = ModelCard.Model(options, record);

    /// <summary>Every request comes here.</summary>
    public Task Handle(HttpContext context)
    {
        var request = context.Request;
        var path = request.Path.Value ?? "";
        const string VersionPath = ModelPath + "/versions/" + ModelCard.Version;
        if (path.StartsWith(VersionPath, StringComparison.Ordinal))
        {
            path = ModelPath + path[VersionPath.Length..];
        }

        return (request.Method, path) switch
        {
            ("POST", ModelPath + "/infer") => Infer(context),
            ("GET", ModelPath) => Write(context, 200, model),
            ("GET", "/healthz" or "/v2/health/ready" or ModelPath + "/ready") => Ready(context),
            ("GET", "/v2/health/live") => Write(context, 200, ModelCard.Health("live", true)),
            ("GET", "/v2") => Write(context, 200, server),
            ("GET", "/metrics") => Metrics(context),
            _ => Write(context, 404, ModelCard.Error(
                $"{request.Method} {request.Path}: no such address; POST to {ModelPath}/infer, GET {ModelPath}")),
        };
    }

    private Task Ready(HttpContext context)
    {
        var ready = !lifetime.ApplicationStopping.IsCancellationRequested;
        return Write(context, ready ? 200 : 503, ModelCard.Health("ready", ready));
    }

    private Task Metrics(HttpContext context)
    {
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        return context.Response.WriteAsync(metrics.Write(inference.QueueLength), context.RequestAborted);
    }

    private async Task Infer(HttpContext context)
    {
        var status = await Answer(context);
        metrics.RequestDone(status);
    }

    /// <summary>Returns the status answered; 499 when the client left before.</summary>
    private async Task<int> Answer(HttpContext context)
    {
        try
        {
            var (request, error) = await Read(context.Request.BodyReader, context.RequestAborted);
            if (request is null)
            {
                return await Refuse(context, 400, error!);
            }

            var call = inference.TryStart(request.Images, context.RequestAborted);
            if (call is null)
            {
                return await Refuse(context, 503, $"the queue is full ({options.QueueLimit} images); send more slowly, or raise --queue-limit");
            }

            if (!await call.Completion.WaitAsync(context.RequestAborted))
            {
                return await Refuse(context, 503, "the server is stopping; ask another");
            }

            context.Response.ContentType = "application/json";
            InferResponse.Write(context.Response.BodyWriter, request, call.Probabilities);
            await context.Response.CompleteAsync();
            return 200;
        }
        catch (BadHttpRequestException e)
        {
            return await Refuse(context, e.StatusCode, $"{e.Message} Send fewer images in a request.");
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return 499;
        }
    }

    private async Task<(InferRequest? Request, string? Error)> Read(PipeReader body, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await body.ReadAsync(cancellationToken);
            if (result.IsCompleted)
            {
                var answer = InferRequestReader.Read(result.Buffer, options.QueueLimit);
                body.AdvanceTo(result.Buffer.End);
                return answer;
            }

            body.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static async Task<int> Refuse(HttpContext context, int status, string error)
    {
        await Write(context, status, ModelCard.Error(error));
        return status;
    }

    private static Task Write(HttpContext context, int status, byte[] json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        return context.Response.Body.WriteAsync(json, context.RequestAborted).AsTask();
    }
}
