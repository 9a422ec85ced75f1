using System.CommandLine;
using Tuner.Cli.Remote;
using Tuner.Service.Storage;

namespace Tuner.Cli.Serving;

/// <summary><c>tuner target</c>: what sweeps that are submitted to a service may start.</summary>
internal static class TargetCommand
{
    private const string Explanation = """
        What sweeps that are submitted to a service may start.

        A target is registered from a sweep: its command, its variables and its files are fixed then, and submitted sweeps
        fill in values of its parameters, within the ranges that this sweep gives them. Works on the service's own folder,
        on its machine: over REST nobody can register anything.
        """;

    public static Command Create() => new("target", Explanation) { Adding(), Listing(), Removing() };

    private static Command Adding()
    {
        var name = new Argument<string>("name") { Description = "What to call it." };
        var file = new Argument<string>("sweep") { Description = "A sweep with target.process." };
        var (state, output) = (StateOption.Create(), ServiceConnection.OutputOption());
        var command = new Command("add", "Register a sweep's command, or register it anew.") { name, file, state, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var database = await StateOption.OpenAsync(parsed.GetRequiredValue(state), cancellationToken);
            var known = await new TargetRegistration(database, parsed.InvocationConfiguration.Error).AddAsync(parsed.GetRequiredValue(name), parsed.GetRequiredValue(file), cancellationToken);
            if (known is null)
            {
                return ExitCode.BadInput;
            }

            await Deed.WriteAsync(parsed, output, known, "registered");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Listing()
    {
        var (state, output) = (StateOption.Create(), ServiceConnection.OutputOption());
        var command = new Command("list", "Show the registered targets, and what sweeps may fill in.") { state, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var store = new TargetTemplateStore(await StateOption.OpenAsync(parsed.GetRequiredValue(state), cancellationToken));
            var targets = (await store.ListAsync(cancellationToken)).Select(template => template.ToView()).ToArray();
            if (parsed.GetValue(output) is "json")
            {
                await parsed.InvocationConfiguration.Output.WriteAsync(ServiceConnection.Json(targets));
                return;
            }

            foreach (var target in targets)
            {
                var values = string.Join("; ", target.Parameters.Select(parameter => $"{parameter.Name}: {parameter.Value}"));
                await parsed.InvocationConfiguration.Output.WriteLineAsync($"{target.Name}\n  {string.Join(' ', target.Command)}\n  {values}");
            }
        });
        return command;
    }

    private static Command Removing()
    {
        var name = new Argument<string>("name") { Description = "The target." };
        var (state, output) = (StateOption.Create(), ServiceConnection.OutputOption());
        var command = new Command("remove", "Forget a target; sweeps that were submitted already keep theirs.") { name, state, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var store = new TargetTemplateStore(await StateOption.OpenAsync(parsed.GetRequiredValue(state), cancellationToken));
            if (await store.DeleteAsync(parsed.GetRequiredValue(name), cancellationToken))
            {
                await Deed.WriteAsync(parsed, output, parsed.GetRequiredValue(name), "removed");
                return ExitCode.Ok;
            }

            await parsed.InvocationConfiguration.Error.WriteLineAsync($"There is no target '{parsed.GetRequiredValue(name)}'. 'tuner target list' shows those there are.");
            return ExitCode.BadInput;
        });
        return command;
    }
}
