using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Tuner.Core.Loads;
using Tuner.Load.Looping;

namespace Tuner.Load.Portable;

/// <summary>
/// One unary gRPC call as an HTTP/2 exchange (grpc.io, "gRPC over HTTP2"): a message with a prefix of five bytes out,
/// and a status in the trailers back.
/// </summary>
internal static class GrpcCall
{
    private const int PrefixBytes = 5;
    private const int Unknown = 2;

    public static HttpRequestMessage Create(Uri target, WeightedBody? message)
    {
        var content = new ByteArrayContent(Frame(message is null ? [] : message.Content.Span));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        var request = new HttpRequestMessage(HttpMethod.Post, target)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Headers.TryAddWithoutValidation("TE", "trailers");
        request.Headers.TryAddWithoutValidation("User-Agent", RequestHead.UserAgent);
        return request;
    }

    /// <summary>The gRPC status of an answer that was read to its end, 0 for OK; null where its HTTP status says that it is none of gRPC.</summary>
    public static int? StatusOf(HttpResponseMessage response) =>
        // An answer without a message carries its status in the headers.
        response.StatusCode is HttpStatusCode.OK ? Status(response.TrailingHeaders) ?? Status(response.Headers) ?? Unknown : null;

    /// <summary>The message behind its prefix: not compressed, and its length, big endian.</summary>
    internal static byte[] Frame(ReadOnlySpan<byte> message)
    {
        var frame = new byte[PrefixBytes + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame.AsSpan(PrefixBytes));
        return frame;
    }

    private static int? Status(HttpResponseHeaders headers) =>
        headers.TryGetValues("grpc-status", out var values) && int.TryParse(values.First(), CultureInfo.InvariantCulture, out var status) ? status : null;
}
