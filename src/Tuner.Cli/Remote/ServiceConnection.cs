using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Tuner.Client;
using Tuner.Core.Api;
using Tuner.Service.Hosting;

namespace Tuner.Cli.Remote;

/// <summary>
/// The service that a command speaks with: <c>--url</c>, else <c>TUNER_URL</c>, else this machine's own. The key comes from
/// <c>TUNER_API_KEY</c> alone: other users of a machine can read a command line.
/// </summary>
internal static class ServiceConnection
{
    public const string UrlVariable = "TUNER_URL";
    public const string KeyVariable = "TUNER_API_KEY";

    private static readonly JsonSerializerOptions Indented = new(ApiJson.Options) { WriteIndented = true, NewLine = "\n" };

    /// <summary>True where the environment names a service.</summary>
    public static bool IsNamed => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(UrlVariable));

    public static Option<string?> UrlOption() => new("--url") { Description = $"The service's address. Default: {UrlVariable}, else {ListenAddress.Usual}. The key is read from {KeyVariable}." };

    public static Option<string> OutputOption()
    {
        var output = new Option<string>("--output", "-o") { Description = "text or json.", DefaultValueFactory = _ => "text" };
        output.AcceptOnlyFromAmong("text", "json");
        return output;
    }

    /// <summary>Does the work with a client, and tells what the service refused in its own words.</summary>
    /// <param name="file">The file that a definition's errors are in.</param>
    public static async Task<int> WithAsync(string? url, TextWriter error, Func<TunerClient, Task<int>> work, string? file = null)
    {
        var text = url ?? Environment.GetEnvironmentVariable(UrlVariable) ?? ListenAddress.Usual.ToString();
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            await error.WriteLineAsync($"'{text}' is no address of a service. Write it like {ListenAddress.Usual} ({UrlVariable} or --url).");
            return ExitCode.BadInput;
        }

        using var client = new TunerClient(address, Environment.GetEnvironmentVariable(KeyVariable));
        try
        {
            return await work(client);
        }
        catch (TunerApiException exception)
        {
            Tell(exception, file, error);
            return CodeOf(exception.Status);
        }
        catch (HttpRequestException exception)
        {
            var why = exception.InnerException is SocketException socket ? socket.Message : exception.Message;
            await error.WriteLineAsync($"No service answers at {address.GetLeftPart(UriPartial.Authority)}: {why}. Start one with 'tuner serve', or name another ({UrlVariable} or --url).");
            return ExitCode.Unavailable;
        }
    }

    public static string Json<T>(T value) => JsonSerializer.Serialize(value, Indented) + "\n";

    private static void Tell(TunerApiException exception, string? file, TextWriter error)
    {
        if (exception.Problem.Errors.IsEmpty)
        {
            error.WriteLine(exception.Message);
            return;
        }

        Tell(exception.Problem.Errors, file ?? "definition", error);
    }

    /// <summary>One line for each error and warning of a definition.</summary>
    public static void Tell(IEnumerable<ApiError> problems, string file, TextWriter error)
    {
        foreach (var problem in problems)
        {
            var place = problem.Line > 0 ? $":{problem.Line}:{problem.Column}" : "";
            error.WriteLine($"{file}{place}: {problem.Severity}: {(problem.Path.Length > 0 ? $"{problem.Path}: " : "")}{problem.Message}");
        }
    }

    private static int CodeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ExitCode.NotAllowed,
        >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests => ExitCode.Unavailable,
        _ => ExitCode.BadInput,
    };
}
