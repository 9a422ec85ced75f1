using System.Net.Http.Headers;
using System.Text.Json;
using RestEase;
using Tuner.Core.Api;

namespace Tuner.Client;

/// <summary>Reads answers as the service writes them; RestEase's own reader knows nothing of System.Text.Json's attributes.</summary>
internal sealed class WireReader : ResponseDeserializer
{
    public override T Deserialize<T>(string? content, HttpResponseMessage response, ResponseDeserializerInfo info) =>
        JsonSerializer.Deserialize<T>(content ?? "null", ApiJson.Options) ?? throw new JsonException($"The service answered null to {response.RequestMessage?.RequestUri}.");
}

/// <summary>Writes bodies as the service reads them.</summary>
internal sealed class WireWriter : RequestBodySerializer
{
    public override HttpContent? SerializeBody<T>(T body, RequestBodySerializerInfo info) => body switch
    {
        null => null,
        HttpContent content => content,
        _ => new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, ApiJson.Options)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
    };
}
