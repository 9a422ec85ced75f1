using System.CommandLine;
using Tuner.Cli.Remote;
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
        var url = ServiceConnection.UrlOption();
        var command = new Command("plan", "Show what a sweep would do, take and cost; runs nothing. With --url, by the word of a service; so, too, where TUNER_URL names one and only services know the target.") { file, url, format };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            SweepFile.Load(parsed.GetValue(file)!, ShippedPrices.Load()),
            parsed.GetValue(url),
            string.Equals(parsed.GetValue(format), "json", StringComparison.Ordinal),
            machine,
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error,
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(SweepReading reading, string? url, bool json, Func<MachineCapacity> machine, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        if (RemotePlan.IsWanted(reading, url))
        {
            var answer = await RemotePlan.AskAsync(reading, url, error, cancellationToken);
            ServiceConnection.Tell(answer.Problems, reading.File, error);
            if (answer.Plan is { } plan)
            {
                await output.WriteAsync(json ? ServiceConnection.Json(plan) : RemotePlan.Text(plan));
            }

            return answer.Plan is { Impossible: not null } ? ExitCode.BadInput : answer.Code;
        }

        ValidateCommand.Print(reading, error);
        if (!reading.IsValid)
        {
            return ExitCode.BadInput;
        }

        var capacity = machine();
        var preview = RenderedPreview.Of(reading.Sweep, capacity);
        await output.WriteAsync(json
            ? PlanJson.Of(reading.Sweep, preview, capacity, reading.Warnings)
            : PlanText.Of(reading.Sweep, preview, capacity));
        return preview.Impossible is null ? 0 : ExitCode.BadInput;
    }
}
