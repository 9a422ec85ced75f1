using System.Net;
using Tuner.Core.Loads;
using Tuner.Load.Looping;

namespace Tuner.Load.Portable;

/// <summary>Makes the messages that the portable engine sends.</summary>
internal static class RequestMessage
{
    public static HttpRequestMessage Create(LoadProfile profile, Uri target, int body)
    {
        var template = profile.Request;
        var content = template.Bodies.IsDefaultOrEmpty ? null : template.Bodies[body];
        if (profile.Request.Protocol is HttpProtocol.Grpc)
        {
            return WithHeaders(GrpcCall.Create(target, content), template.Headers);
        }

        var request = new HttpRequestMessage(new HttpMethod(template.Method), target)
        {
            Version = profile.Request.Protocol is HttpProtocol.Http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content is null ? null : new ReadOnlyMemoryContent(content.Content),
        };
        if (!RequestHead.Has(template.Headers, "User-Agent"))
        {
            request.Headers.TryAddWithoutValidation("User-Agent", RequestHead.UserAgent);
        }

        if (!profile.Connections.Reuse)
        {
            request.Headers.ConnectionClose = true;
        }

        return WithHeaders(request, RequestHead.Of(template, content));
    }

    private static HttpRequestMessage WithHeaders(HttpRequestMessage request, IEnumerable<KeyValuePair<string, string>> headers)
    {
        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return request;
    }
}
