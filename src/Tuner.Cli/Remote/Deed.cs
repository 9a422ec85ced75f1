using System.CommandLine;

namespace Tuner.Cli.Remote;

/// <summary>What a command did to a thing that is gone now, or says no more of itself: <c>4f1c2a9be0d3  revoked</c>.</summary>
internal sealed record Deed(string Id, string Done)
{
    public static Task WriteAsync(ParseResult parsed, Option<string> output, string id, string done) =>
        parsed.InvocationConfiguration.Output.WriteAsync(parsed.GetValue(output) is "json" ? ServiceConnection.Json(new Deed(id, done)) : $"{id}  {done}\n");
}
