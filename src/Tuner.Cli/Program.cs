using System.CommandLine;
using System.CommandLine.Invocation;
using Tuner.Cli;
using Tuner.Service.Storage;

var root = CommandTree.Create();
var parsed = root.Parse(args);
if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
{
    foreach (var error in parsed.Errors)
    {
        Console.Error.WriteLine(error.Message);
    }

    Console.Error.WriteLine("'tuner --help' lists the commands, 'tuner COMMAND --help' explains one.");
    return ExitCode.BadInput;
}

if (parsed.CommandResult.Command == root)
{
    // The list of commands has a line for each; the whole story is told by the command's own help.
    foreach (var command in root.Subcommands)
    {
        command.Description = command.Description?.Split("\n\n")[0].ReplaceLineEndings(" ");
    }
}

var code = await InvokeAsync();

// Threads of libraries may hold on to what they cannot have (a database that is away): a command that has returned is over.
Environment.Exit(code);
return code;

async Task<int> InvokeAsync()
{
    using var interrupt = new Interrupt();
    try
    {
        // Own signal handling: the library's would end the process two seconds after Ctrl-C, with a candidate still running.
        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, interrupt.Token);
    }
    catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
    {
        return ExitCode.Interrupted;
    }
    catch (DatabaseException exception)
    {
        await Console.Error.WriteLineAsync(exception.Message);
        return exception.Trouble is DatabaseTrouble.Misnamed ? ExitCode.BadInput : ExitCode.Unavailable;
    }
    catch (Exception exception)
    {
        await Console.Error.WriteLineAsync($"tuner: internal error: {exception}");
        return ExitCode.InternalError;
    }
}
