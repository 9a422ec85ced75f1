using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Tuner.Service.Api;

/// <summary>Words for requests whose parts cannot be read, in place of the framework's, which name types and no cure.</summary>
internal static partial class UnreadRequests
{
    /// <summary>What is wrong with a part of the request, with its cure.</summary>
    public static string Describe(Exception exception, HttpRequest request)
    {
        if (exception.InnerException is JsonException json)
        {
            return $"The body cannot be read{(json.Path is { Length: > 0 } path ? $" at {path}" : "")}: {Sentence(json.Message)} /openapi/v1.json describes it.";
        }

        return Unbound().Match(exception.Message) is { Success: true } unbound
            ? $"{unbound.Groups["name"]}: '{unbound.Groups["value"]}' is {Kind(unbound.Groups["type"].Value)}."
            : exception.Message.StartsWith("Implicit body inferred", StringComparison.Ordinal)
                ? $"{request.Method} {request.Path} needs a body, as application/json. /openapi/v1.json describes it."
                : exception.Message;
    }

    /// <summary>No name of anything holds a NUL, and PostgreSQL has no text with one.</summary>
    public static Task RefuseNulAsync(HttpContext context, RequestDelegate next) =>
        context.Request.QueryString.Value?.Contains("%00", StringComparison.Ordinal) is true
            ? Problems.BadRequest("The query holds a NUL character (%00). Leave it out.").ExecuteAsync(context)
            : next(context);

    private static string Kind(string type) => type switch
    {
        "int" or "long" => "no whole number",
        "bool" => "neither true nor false",
        _ => "not readable",
    };

    // Where it stands in the text follows the words, behind a bar.
    private static string Sentence(string message) => message.Split(" Path: ")[0].Split(" LineNumber: ")[0].TrimEnd('.', ' ') + ".";

    [GeneratedRegex("^Failed to bind parameter \"(?<type>\\S+) (?<name>\\S+)\" from \"(?<value>.*)\"\\.$", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Unbound();
}
