using System.CommandLine;
using Tuner.Core.Definitions;

namespace Tuner.Cli;

/// <summary><c>tuner schema</c>: prints the JSON Schema of sweep definitions, for editors.</summary>
internal static class SchemaCommand
{
    public static Command Create()
    {
        var command = new Command("schema", "Print the JSON Schema of sweep definitions, for editors.");
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.Write(JsonSchema.OfSweep()));
        return command;
    }
}
