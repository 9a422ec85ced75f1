using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Tuner.Core.Loads;

namespace Tuner.Core.Definitions;

/// <summary>Reads a request with its headers and bodies.</summary>
internal static partial class RequestBinding
{
    public static RequestTemplate? Read(Section section, ISweepFiles files)
    {
        var path = section.Text("path");
        TargetBinding.RequirePath(section, "path", path);
        var headers = section.Scalars("headers").Select(item => KeyValuePair.Create(item.Key, item.Value.Text)).ToImmutableArray();
        foreach (var (key, value, place) in section.Scalars("headers"))
        {
            Header(key, value.Text, place, section.Problems);
        }

        if (section.Has("body") && section.Has("bodyFiles"))
        {
            section.Error("body", "does not go with bodyFiles. Keep one of them.");
        }

        var bodies = section.Text("body") is { } body && section.Has("body")
            ? [new WeightedBody("body", Encoding.UTF8.GetBytes(body), 1)]
            : Bodies(section, files);
        var protocol = section.Text("protocol") switch
        {
            "http1" => HttpProtocol.Http11,
            "http2" => HttpProtocol.Http2,
            "grpc" => HttpProtocol.Grpc,
            _ => (HttpProtocol?)null,
        };
        var isCall = protocol is HttpProtocol.Grpc;
        var method = section.Has("method") ? section.Text("method") : isCall || section.Has("body") || section.Has("bodyFiles") ? "POST" : "GET";
        if (isCall && method is not (null or "POST"))
        {
            section.Error("method", $"{method} is no gRPC call, which is always a POST. Remove the method.");
        }

        if (isCall && section.Flag("stream") is true)
        {
            section.Error("stream", "does not go with protocol: grpc, of which unary calls are measured. Remove it.");
        }

        if (method is "GET" or "HEAD" && (section.Has("body") || section.Has("bodyFiles")))
        {
            section.Error("method", $"{method} carries no body. Write POST, or remove the body.");
        }

        return path is null || method is null || bodies is null || protocol is null || section.Flag("stream") is not { } stream ? null : new RequestTemplate
        {
            Protocol = protocol.Value,
            Streams = stream,
            Method = method,
            Path = path,
            Headers = headers,
            Bodies = bodies.Value,
            ExpectedStatus = [.. section.Scalars("expectedStatus").Select(item => int.Parse(item.Value.Text, CultureInfo.InvariantCulture)).Distinct()],
        };
    }

    private static ImmutableArray<WeightedBody>? Bodies(Section section, ISweepFiles files)
    {
        var bodies = ImmutableArray.CreateBuilder<WeightedBody>();
        foreach (var (_, item) in section.Sections("bodyFiles"))
        {
            if (item.Number("weight") is 0)
            {
                item.Error("weight", "is zero, so that this body is never sent. Raise it, or remove the body.");
            }

            if (item.Text("file") is not { } file || item.Number("weight") is not { } weight)
            {
                continue;
            }

            var content = files.Read(file);
            if (content.Problem is { } problem)
            {
                item.Error("file", problem);
                continue;
            }

            bodies.Add(new WeightedBody(file, content.Bytes, weight));
        }

        return bodies.ToImmutable();
    }

    private static void Header(string name, string value, Place place, ProblemList problems)
    {
        if (!HeaderName().IsMatch(name))
        {
            problems.Error(place, $"'{name}' is no name of a header.");
        }
        else if (name.ToLowerInvariant() is "content-length" or "transfer-encoding" or "connection" or "host")
        {
            problems.Error(place, $"'{name}' is set by the generator itself. Remove it.");
        }

        if (value.Any(char.IsControl))
        {
            problems.Error(place, "holds a line break or another control character. Write the header on one line.");
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,200}\z")]
    private static partial Regex HeaderName();
}
