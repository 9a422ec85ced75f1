using System.CommandLine;
using Tuner.Cli.Remote;

namespace Tuner.Cli;

/// <summary><c>tuner report [SWEEP]</c> and <c>tuner report --compare A B</c>: any face of what is stored.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var sweep = new Argument<string?>("sweep") { Description = "A stored sweep, by its id or its name; the newest one where none is named.", Arity = ArgumentArity.ZeroOrOne };
        var state = new Option<string>("--state") { Description = "The folder that remembers sweeps.", DefaultValueFactory = _ => Service.Storage.StateDirectory.DefaultName };
        var compare = new Option<string[]>("--compare") { Description = "Two stored sweeps, the earlier one first, side by side.", Arity = new ArgumentArity(2, 2), AllowMultipleArgumentsPerToken = true };
        var output = new Option<string>("--output", "-o") { Description = "text, json, markdown or html.", DefaultValueFactory = _ => "text" };
        sweep.CompletionSources.Add(context => StoredReport.Known(context.ParseResult.GetValue(state)));
        compare.CompletionSources.Add(context => StoredReport.Known(context.ParseResult.GetValue(state)));
        output.AcceptOnlyFromAmong("text", "json", "markdown", "html");
        var to = new Option<string?>("--to") { Description = "A file to write instead of standard output." };
        var url = ServiceConnection.UrlOption();
        var command = new Command("report", "Show the report of a stored sweep, finished or not, or two side by side.") { sweep, state, compare, output, to, url };
        command.SetAction((parsed, cancellationToken) => IsRemote(parsed, url, state, compare)
            ? ServiceConnection.WithAsync(
                parsed.GetValue(url),
                parsed.InvocationConfiguration.Error,
                client => RemoteReport.WriteAsync(client, parsed.GetValue(sweep), parsed.GetRequiredValue(output), Writer(parsed, to), parsed.InvocationConfiguration.Error, cancellationToken))
            : new StoredReport(parsed.GetRequiredValue(state), parsed.InvocationConfiguration.Error).RunAsync(
                parsed.GetValue(sweep),
                parsed.GetValue(compare) is [var left, var right] ? (left, right) : null,
                parsed.GetRequiredValue(output),
                Writer(parsed, to),
                cancellationToken));
        return command;
    }

    private static Action<string> Writer(ParseResult parsed, Option<string?> to) =>
        parsed.GetValue(to) is { } file ? content => File.WriteAllText(file, content) : parsed.InvocationConfiguration.Output.Write;

    /// <summary>A service that was named is asked, unless the command says which folder is meant.</summary>
    private static bool IsRemote(ParseResult parsed, Option<string?> url, Option<string> state, Option<string[]> compare) =>
        parsed.GetValue(url) is not null
        || (Environment.GetEnvironmentVariable(ServiceConnection.UrlVariable) is { Length: > 0 } && parsed.GetResult(state) is null or { Implicit: true } && parsed.GetValue(compare) is not { Length: > 0 });
}
