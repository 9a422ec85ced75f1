using System.CommandLine;
using Tuner.Core.Definitions;
using Tuner.Service.Reports;

namespace Tuner.Cli;

/// <summary><c>tuner schema</c>: prints the JSON Schema of sweep definitions, for editors, or of reports and comparisons, for programs that read them.</summary>
internal static class SchemaCommand
{
    public static Command Create()
    {
        var report = new Option<bool>("--report") { Description = "The schema of report.json instead." };
        var comparison = new Option<bool>("--comparison") { Description = "The schema of what report --compare A B --output json writes." };
        var command = new Command("schema", "Print the JSON Schema of sweep definitions, for editors; or of reports.") { report, comparison };
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.Write(
            parsed.GetValue(comparison) ? ReportJson.ComparisonSchema()
            : parsed.GetValue(report) ? ReportJson.Schema()
            : JsonSchema.OfSweep()));
        return command;
    }
}
