using System.CommandLine;
using Tuner.Core.Sweeps;
using Tuner.Service.Definitions;

namespace Tuner.Cli;

/// <summary><c>tuner plan FILE</c>: what a sweep would do on this machine, what it would take and cost. Runs nothing.</summary>
internal static class PlanCommand
{
    /// <param name="machine">Reads what this machine can hold; called once the definition is valid.</param>
    public static Command Create(Func<MachineCapacity> machine)
    {
        var file = new Argument<string>("file") { Description = "A sweep definition (YAML or JSON)." };
        var format = new Option<string>("--output", "-o") { Description = "text or json.", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json");
        var command = new Command("plan", "Show what a sweep would do, take and cost; runs nothing.") { file, format };
        command.SetAction(parsed => Run(
            parsed.GetValue(file)!,
            string.Equals(parsed.GetValue(format), "json", StringComparison.Ordinal),
            machine,
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error));
        return command;
    }

    private static int Run(string file, bool json, Func<MachineCapacity> machine, TextWriter output, TextWriter error)
    {
        var reading = SweepFile.Load(file, ShippedPrices.Load());
        ValidateCommand.Print(reading, error);
        if (!reading.IsValid)
        {
            return ExitCode.BadInput;
        }

        var capacity = machine();
        var preview = SweepPreview.Of(reading.Sweep, capacity);
        output.Write(json
            ? PlanJson.Of(reading.Sweep, preview, capacity, reading.Warnings)
            : PlanText.Of(reading.Sweep, preview, capacity));
        return preview.Impossible is null ? 0 : ExitCode.BadInput;
    }
}
