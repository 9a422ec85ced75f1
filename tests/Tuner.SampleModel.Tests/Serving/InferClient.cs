using System.Text.Json.Nodes;

namespace Tuner.SampleModel.Tests.Serving;

/// <summary>Sends the bodies of the sample sweep.</summary>
internal static class InferClient
{
    public static async Task<(int[] Labels, double[] Probabilities)> Classify(this HttpClient client, string file)
    {
        using var response = await client.PostBody(file);
        var outputs = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["outputs"]!.AsArray();
        return (Data<int>(outputs, "label"), Data<double>(outputs, "probabilities"));
    }

    public static async Task<HttpResponseMessage> PostBody(this HttpClient client, string file, CancellationToken cancellationToken = default)
    {
        var bytes = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "bodies", file), cancellationToken);
        return await client.PostAsync("/v2/models/digits/infer", new ByteArrayContent(bytes), cancellationToken);
    }

    private static T[] Data<T>(JsonArray outputs, string name) =>
        [.. outputs.Single(o => (string?)o!["name"] == name)!["data"]!.AsArray().Select(v => v!.GetValue<T>())];
}
