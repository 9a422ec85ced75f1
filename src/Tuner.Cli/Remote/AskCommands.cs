using System.CommandLine;
using Tuner.Client;
using Tuner.Core.Api;

namespace Tuner.Cli.Remote;

/// <summary><c>tuner cancel</c>, <c>pause</c>, <c>resume</c> and <c>delete</c>: what may be asked of sweeps of a service.</summary>
internal static class AskCommands
{
    public static IEnumerable<Command> Create() =>
    [
        Asking("cancel", "End sweeps of a service for good; their candidates are taken away.", (api, id, cancellationToken) => api.CancelAsync(id, cancellationToken)),
        Asking("pause", "Let sweeps of a service start no further trial until they are resumed.", (api, id, cancellationToken) => api.PauseAsync(id, cancellationToken)),
        Asking("resume", "Let paused sweeps of a service go on.", (api, id, cancellationToken) => api.ResumeAsync(id, cancellationToken)),
        Deleting(),
    ];

    private static Command Asking(string name, string description, Func<ITunerApi, string, CancellationToken, Task<SweepView>> ask)
    {
        var ids = Ids();
        var (url, output) = (ServiceConnection.UrlOption(), ServiceConnection.OutputOption());
        var command = new Command(name, $"{description}\n\nExit codes: 0 done or on its way, 64 there is no such sweep or its state does not allow it, 69 no service, 77 not allowed.") { ids, url, output };
        command.SetAction((parsed, cancellationToken) => ServiceConnection.WithAsync(parsed.GetValue(url), parsed.InvocationConfiguration.Error, async client =>
        {
            foreach (var id in parsed.GetRequiredValue(ids))
            {
                var sweep = await ask(client.Api, id, cancellationToken);
                await parsed.InvocationConfiguration.Output.WriteAsync(parsed.GetValue(output) is "json" ? ServiceConnection.Json(sweep) : RemoteText.Of(sweep) + "\n");
            }

            return ExitCode.Ok;
        }));
        return command;
    }

    private static Command Deleting()
    {
        var ids = Ids();
        var (url, output) = (ServiceConnection.UrlOption(), ServiceConnection.OutputOption());
        var command = new Command("delete", "Let a service forget sweeps that have ended or are paused, with all their trials.") { ids, url, output };
        command.SetAction((parsed, cancellationToken) => ServiceConnection.WithAsync(parsed.GetValue(url), parsed.InvocationConfiguration.Error, async client =>
        {
            foreach (var id in parsed.GetRequiredValue(ids))
            {
                await client.Api.DeleteAsync(id, cancellationToken);
                await Deed.WriteAsync(parsed, output, id, "deleted");
            }

            return ExitCode.Ok;
        }));
        return command;
    }

    private static Argument<string[]> Ids() => new("sweep") { Description = "Ids of sweeps.", Arity = ArgumentArity.OneOrMore };
}
