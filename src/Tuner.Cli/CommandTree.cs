using System.CommandLine;
using System.CommandLine.Help;
using Tuner.Cli.Remote;
using Tuner.Cli.Serving;

namespace Tuner.Cli;

/// <summary><c>tuner</c> with all its commands.</summary>
internal static class CommandTree
{
    public static RootCommand Create()
    {
        var root = new RootCommand("Finds the cheapest configuration of a service that meets its latency SLOs, and proves it.")
        {
            RunCommand.Create(),
            ReportCommand.Create(),
            PlanCommand.Create(ThisMachine.Capacity),
            ValidateCommand.Create(),
            SchemaCommand.Create(),
            LoadCommand.Create(),
            SuggestCommand.Create(),
            ScheduleCommand.Create(TimeProvider.System),
            GateCommand.Create(),
            ServeCommand.Create(),
            KeyCommand.Create(),
            TargetCommand.Create(),
            NotifyCommand.Create(),
            SubmitCommand.Create(),
            StatusCommand.Create(),
            ArgoCommand.Create(),
            ExportCommand.Create(),
            CompletionCommand.Create(),
        };
        foreach (var command in AskCommands.Create())
        {
            root.Add(command);
        }

        foreach (var help in root.Options.OfType<HelpOption>())
        {
            // Where paths begin with a slash, these are none of a command's words.
            help.Aliases.Remove("/h");
            help.Aliases.Remove("/?");
        }

        return root;
    }
}
