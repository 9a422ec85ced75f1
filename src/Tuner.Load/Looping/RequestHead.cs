using System.Collections.Immutable;
using Tuner.Core.Loads;

namespace Tuner.Load.Looping;

/// <summary>What both engines add to a request of their own accord.</summary>
internal static class RequestHead
{
    public const string UserAgent = "tuner-load/1";

    /// <summary>The headers as written, and a content type by the body's file name where none was given.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(RequestTemplate request, WeightedBody? body)
    {
        var headers = request.Headers.IsDefault ? [] : request.Headers;
        return body is null || Has(headers, "Content-Type") ? headers : headers.Append(new("Content-Type", ContentTypeOf(body.Name)));
    }

    public static bool Has(ImmutableArray<KeyValuePair<string, string>> headers, string name) =>
        !headers.IsDefault && headers.Any(header => string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase));

    private static string ContentTypeOf(string name) => Path.GetExtension(name).ToLowerInvariant() switch
    {
        ".json" => "application/json",
        ".xml" => "application/xml",
        ".txt" => "text/plain",
        ".pb" or ".bin" or ".npy" => "application/octet-stream",

        // Bodies written in the sweep itself have no file name; model servers speak JSON.
        "" => "application/json",
        _ => "application/octet-stream",
    };
}
