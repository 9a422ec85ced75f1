using System.Net;
using System.Text.Json.Nodes;
using Tuner.SampleModel.Model;
using Tuner.SampleModel.Options;
using Tuner.SampleModel.Serving;

namespace Tuner.SampleModel.Tests.Serving;

public sealed class ModelServerTests
{
    private const string Infer = "/v2/models/digits/infer";

    private static readonly ServerOptions Plain = new("127.0.0.1", 0, 1, 1, 1, TimeSpan.Zero, Precision.Fp32, 1024);

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/v2")]
    [InlineData("/v2/health/live")]
    [InlineData("/v2/health/ready")]
    [InlineData("/v2/models/digits")]
    [InlineData("/v2/models/digits/ready")]
    [InlineData("/v2/models/digits/versions/1")]
    public async Task Answers_the_addresses_of_the_protocol_with_json(string path)
    {
        await using var server = await Start(Plain);
        using var client = new HttpClient { BaseAddress = server.Address };

        using var response = await client.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.NotNull(JsonNode.Parse(await response.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Metadata_tell_tensors_precision_and_the_accuracy_measured_with_it()
    {
        await using var server = await Start(Plain with { Precision = Precision.Int8 });
        using var client = new HttpClient { BaseAddress = server.Address };

        var model = JsonNode.Parse(await client.GetStringAsync("/v2/models/digits"))!;

        Assert.Equal("[{\"name\":\"image\",\"datatype\":\"FP32\",\"shape\":[-1,64]}]", model["inputs"]!.ToJsonString());
        Assert.Equal("int8", (string?)model["parameters"]!["precision"]);
        Assert.Equal(ShippedModel.ReadRecord().AccuracyInt8, (double?)model["parameters"]!["accuracy"]);
    }

    [Theory]
    [InlineData("fp32", 1, 1, 1)]
    [InlineData("fp32", 2, 2, 4)]
    [InlineData("int8", 2, 1, 16)]
    public async Task Classifies_the_sample_bodies_with_every_kind_of_knob(string precision, int workers, int threads, int batch)
    {
        await using var server = await Start(Plain with
        {
            Precision = Enum.Parse<Precision>(precision, ignoreCase: true),
            Workers = workers,
            Threads = threads,
            MaxBatchSize = batch,
            BatchDelay = TimeSpan.FromMilliseconds(1),
        });
        using var client = new HttpClient { BaseAddress = server.Address };

        var small = await client.Classify("small.json");
        var large = await client.Classify("large.json");

        Assert.Equal([3], small.Labels);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], large.Labels);
        Assert.All(large.Probabilities.Chunk(10), row => Assert.Equal(1, row.Sum(), 1e-5));
    }

    [Fact]
    public async Task Many_clients_at_once_each_get_their_own_answer()
    {
        await using var server = await Start(Plain with { Workers = 2, MaxBatchSize = 5, BatchDelay = TimeSpan.FromMilliseconds(2) });
        using var client = new HttpClient { BaseAddress = server.Address };

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => client.Classify(i % 3 == 0 ? "large.json" : "small.json")));

        Assert.All(answers.Index(), a => Assert.Equal(a.Index % 3 == 0 ? [0, 1, 2, 3, 4, 5, 6, 7] : [3], a.Item.Labels));
        var metrics = await client.GetStringAsync("/metrics");
        Assert.Contains("digits_requests_total{code=\"200\"} 60\n", metrics, StringComparison.Ordinal);
        Assert.Contains("digits_images_total 200\n", metrics, StringComparison.Ordinal);
        Assert.Contains("digits_queue_length 0\n", metrics, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", 400, "inputs: missing")]
    [InlineData("nonsense", 400, "the body is not valid JSON")]
    public async Task A_bad_request_is_told_why(string body, int status, string expected)
    {
        await using var server = await Start(Plain);
        using var client = new HttpClient { BaseAddress = server.Address };

        using var response = await client.PostAsync(Infer, new StringContent(body));

        Assert.Equal(status, (int)response.StatusCode);
        var error = (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"];
        Assert.StartsWith(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_beyond_eight_mebibytes_gets_413()
    {
        await using var server = await Start(Plain);
        using var client = new HttpClient { BaseAddress = server.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, Infer) { Content = new ByteArrayContent(new byte[(8 << 20) + 1]) };
        request.Headers.ExpectContinue = true;

        using var response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Another_address_gets_404_and_the_right_one()
    {
        await using var server = await Start(Plain);
        using var client = new HttpClient { BaseAddress = server.Address };

        using var response = await client.GetAsync("/v1/models");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("/v2/models/digits/infer", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_queue_answers_503_and_a_stop_still_computes_what_waits()
    {
        await using var server = await Start(Plain with { MaxBatchSize = 64, BatchDelay = TimeSpan.FromSeconds(10), QueueLimit = 8 });
        using var client = new HttpClient { BaseAddress = server.Address };
        var waiting = client.Classify("large.json");
        while (!(await client.GetStringAsync("/metrics")).Contains("digits_queue_length 8\n", StringComparison.Ordinal))
        {
            Assert.False(waiting.IsCompleted);
        }

        using var refused = await client.PostBody("small.json");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Contains("the queue is full (8 images)", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await server.Stop(CancellationToken.None);
        Assert.Equal(8, (await waiting).Labels.Length);
    }

    [Fact]
    public async Task A_client_that_leaves_is_not_computed_for()
    {
        await using var server = await Start(Plain with { MaxBatchSize = 2, BatchDelay = TimeSpan.FromSeconds(10) });
        using var client = new HttpClient { BaseAddress = server.Address };
        using var leave = new CancellationTokenSource();
        var gone = client.PostBody("small.json", leave.Token);
        while (!(await client.GetStringAsync("/metrics")).Contains("digits_queue_length 1\n", StringComparison.Ordinal))
        {
            Assert.False(gone.IsCompleted);
        }

        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        while (!(await client.GetStringAsync("/metrics")).Contains("digits_requests_total{code=\"499\"} 1\n", StringComparison.Ordinal))
        {
            Assert.True(leave.IsCancellationRequested);
        }

        await client.Classify("large.json");
        Assert.Contains("digits_images_total 8\n", await client.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    private static Task<ModelServer> Start(ServerOptions options) => ModelServer.Start(options, TimeProvider.System, CancellationToken.None);
}
