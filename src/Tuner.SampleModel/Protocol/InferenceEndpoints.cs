using System.IO.Pipelines;
using Tuner.SampleModel.Options;
using Tuner.SampleModel.Serving;
using Tuner.SampleModel.Training;

namespace Tuner.SampleModel.Protocol;

/// <summary>
/// The addresses of the Open Inference Protocol, version 2, and the two that operators know (<c>/healthz</c>, <c>/metrics</c>).
/// Handlers are plain request delegates: binding by reflection would double the time a start takes.
/// </summary>
internal sealed class InferenceEndpoints(
    ServerOptions options, TrainingRecord record, InferenceService inference, ServerMetrics metrics, IHostApplicationLifetime lifetime)
{
    private readonly byte[] server = ModelCard.Server();
    private readonly byte[] model = ModelCard.Model(options, record);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", Ready);
        routes.MapGet("/metrics", Metrics);
        routes.MapGet("/v2", context => Write(context, 200, server));
        routes.MapGet("/v2/health/live", context => Write(context, 200, ModelCard.Health("live", true)));
        routes.MapGet("/v2/health/ready", Ready);
        foreach (var prefix in (string[])["/v2/models/digits", "/v2/models/digits/versions/1"])
        {
            routes.MapGet(prefix, context => Write(context, 200, model));
            routes.MapGet(prefix + "/ready", Ready);
            routes.MapPost(prefix + "/infer", Infer);
        }

        routes.MapFallback(context => Write(context, 404, ModelCard.Error(
            $"{context.Request.Method} {context.Request.Path}: no such address; POST to /v2/models/digits/infer, GET /v2/models/digits")));
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
