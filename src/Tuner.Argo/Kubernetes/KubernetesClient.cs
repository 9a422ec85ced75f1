using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using RestEase;

namespace Tuner.Argo.Kubernetes;

/// <summary>Makes the typed client of a cluster, with System.Text.Json on both ways.</summary>
public static class KubernetesClient
{
    public static IKubernetesApi Connect(ClusterAccess access, TimeProvider? time = null) => Over(new ClusterHandler(access, time ?? TimeProvider.System), access.Server);

    internal static IKubernetesApi Over(HttpMessageHandler handler, Uri server)
    {
        // How long an answer may take is the handler's to say: watches last.
        var http = new HttpClient(handler) { BaseAddress = new Uri(server.AbsoluteUri.TrimEnd('/') + "/"), Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("tuner", "0.1"));
        http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        return new RestClient(http) { RequestBodySerializer = new Bodies(), ResponseDeserializer = new Answers() }.For<IKubernetesApi>();
    }

    private sealed class Bodies : RequestBodySerializer
    {
        public override HttpContent? SerializeBody<T>(T body, RequestBodySerializerInfo info)
        {
            var (json, type) = body switch
            {
                MergePatchBody patch => (patch.Patch, "application/merge-patch+json"),
                JsonObject item => (item, "application/json"),
                _ => throw new InvalidOperationException($"A body of type {typeof(T).Name} is not sent to Kubernetes."),
            };
            return new StringContent(json.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue(type));
        }
    }

    private sealed class Answers : ResponseDeserializer
    {
        public override T Deserialize<T>(string? content, HttpResponseMessage response, ResponseDeserializerInfo info)
        {
            try
            {
                return JsonNode.Parse(content ?? "") is T item ? item : throw new HttpRequestException("The server's answer is no JSON object.");
            }
            catch (JsonException exception)
            {
                throw new HttpRequestException("The server's answer is no JSON.", exception);
            }
        }
    }
}
