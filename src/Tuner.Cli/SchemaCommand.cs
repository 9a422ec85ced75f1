using System.CommandLine;
using Tuner.Core.Definitions;
using Tuner.Service.Reports;

namespace Tuner.Cli;

/// <summary><c>tuner schema</c>: prints the JSON Schema of sweep definitions, for editors, or of reports, for programs that read them.</summary>
internal static class SchemaCommand
{
    public static Command Create()
    {
        var report = new Option<bool>("--report") { Description = "The schema of report.json instead." };
        var command = new Command("schema", "Print the JSON Schema of sweep definitions, for editors; or of reports.") { report };
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.Write(parsed.GetValue(report) ? ReportJson.Schema() : JsonSchema.OfSweep()));
        return command;
    }
}
