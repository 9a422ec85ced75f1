using Spectre.Console;
using Tuner.Client;
using Tuner.Service.Reports;

namespace Tuner.Cli.Remote;

/// <summary>The report of a service's sweep, in the face that was asked for.</summary>
internal static class RemoteReport
{
    /// <param name="name">A sweep's id or name; null for the newest.</param>
    public static async Task<int> WriteAsync(TunerClient client, string? name, string format, Action<string> write, TextWriter error, CancellationToken cancellationToken)
    {
        if (await IdOfAsync(client, name, cancellationToken) is not { } id)
        {
            await error.WriteLineAsync("There is no sweep yet. Submit one: tuner submit FILE");
            return ExitCode.BadInput;
        }

        var accept = format switch { "markdown" => "text/markdown", "html" => "text/html", _ => "application/json" };
        var text = await client.Api.ReportAsync(id, accept, cancellationToken);
        if (format is not "text")
        {
            write(text);
            return ExitCode.Ok;
        }

        var (report, files) = (ReportJson.Read(text), new VerdictFiles(null, null, null));
        if (!Console.IsOutputRedirected && ReferenceEquals(write.Target, Console.Out))
        {
            VerdictBox.Write(AnsiConsole.Console, report, files);
        }
        else
        {
            write(VerdictBox.Text(report, files));
        }

        return ExitCode.Ok;
    }

    // A name means its newest sweep; what is neither is left to the service, which says so.
    private static async Task<string?> IdOfAsync(TunerClient client, string? name, CancellationToken cancellationToken) =>
        (await client.Api.SweepsAsync([], [], name, null, null, 1, cancellationToken)).Items.FirstOrDefault()?.Id ?? name;
}
