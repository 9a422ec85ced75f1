using System.CommandLine;
using Tuner.Client;
using Tuner.Core.Api;

namespace Tuner.Cli.Remote;

/// <summary><c>tuner schedule create</c>, <c>list</c>, <c>show</c> and what may be asked of schedules of a service.</summary>
internal static class ScheduleCommands
{
    private const string Codes = "\n\nExit codes: 0 done, 64 there is no such schedule or the request is not valid, 69 no service, 77 not allowed.";

    public static IEnumerable<Command> Create() =>
    [
        Creating(),
        Listing(),
        Showing(),
        Changing(),
        Asking("pause", "Let schedules of a service start no further run until they are resumed.", async (api, id, cancellationToken) => await api.PauseScheduleAsync(id, cancellationToken), ScheduleText.Of),
        Asking("resume", "Let paused schedules of a service go on with their next time from now.", async (api, id, cancellationToken) => await api.ResumeScheduleAsync(id, cancellationToken), ScheduleText.Of),
        Asking("run", "Start the sweeps of schedules now, whatever is due or going.", async (api, id, cancellationToken) => await api.RunScheduleAsync(id, cancellationToken), ScheduleText.Of),
        Deleting(),
    ];

    private static Command Creating()
    {
        var file = new Argument<string>("sweep") { Description = "The sweep's definition, YAML or JSON, with a schedule." };
        var project = new Option<string?>("--project") { Description = "Whose the schedule shall be. Default: the key's own project, else 'default'." };
        var (url, output) = (ServiceConnection.UrlOption(), ServiceConnection.OutputOption());
        var command = new Command("create", "Let a service run a sweep again and again, as its definition's schedule says. The one of the same name is changed." + Codes) { file, project, url, output };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (path, error) = (parsed.GetRequiredValue(file), parsed.InvocationConfiguration.Error);
            return ServiceConnection.WithAsync(
                parsed.GetValue(url),
                error,
                async client => SubmitCommand.Body(path, error) is { } body
                    ? await WriteAsync(parsed, output, await client.Api.CreateScheduleAsync(body, parsed.GetValue(project), cancellationToken), ScheduleText.Of)
                    : ExitCode.BadInput,
                path);
        });
        return command;
    }

    private static Command Listing()
    {
        var project = new Option<string?>("--project") { Description = "Schedules of this project." };
        var (url, output) = (ServiceConnection.UrlOption(), ServiceConnection.OutputOption());
        var command = new Command("list", "Show the schedules of a service." + Codes) { project, url, output };
        command.SetAction((parsed, cancellationToken) => ServiceConnection.WithAsync(parsed.GetValue(url), parsed.InvocationConfiguration.Error, async client =>
            await WriteAsync(parsed, output, await client.Api.SchedulesAsync(parsed.GetValue(project), cancellationToken), schedules => ScheduleText.Table(schedules))));
        return command;
    }

    private static Command Showing()
    {
        var id = Id();
        var count = new Option<int>("--count") { Description = "How many of its next times.", DefaultValueFactory = _ => 10 };
        var nights = new Option<int>("--nights") { Description = "How many of its last runs.", DefaultValueFactory = _ => 20 };
        var (url, output) = (ServiceConnection.UrlOption(), ServiceConnection.OutputOption());
        var command = new Command("show", "Show a schedule of a service, when it is due next, and what became of its runs, with the gate's verdicts." + Codes) { id, count, nights, url, output };
        command.SetAction((parsed, cancellationToken) => ServiceConnection.WithAsync(parsed.GetValue(url), parsed.InvocationConfiguration.Error, async client =>
        {
            var wanted = parsed.GetRequiredValue(id);
            var shown = new ShownSchedule(
                await client.Api.ScheduleAsync(wanted, cancellationToken),
                await client.Api.ScheduleTimesAsync(wanted, parsed.GetValue(count), cancellationToken),
                await client.Api.ScheduleHistoryAsync(wanted, parsed.GetValue(nights), cancellationToken));
            return await WriteAsync(parsed, output, shown, ScheduleText.Of);
        }));
        return command;
    }

    private static Command Changing()
    {
        var id = Id();
        var cron = new Option<string?>("--cron") { Description = "Five fields: minute, hour, day of month, month, day of week." };
        var zone = new Option<string?>("--time-zone") { Description = "IANA name, such as Europe/London." };
        var overlap = new Option<string?>("--overlap") { Description = "skip, queue or cancel: what a due run does while the one before is still going." };
        var missed = new Option<string?>("--missed") { Description = "once or skip: what becomes of runs that came due while no service was running." };
        var (url, output) = (ServiceConnection.UrlOption(), ServiceConnection.OutputOption());
        var command = new Command("change", "Change when and how a schedule of a service runs; what is left out stays as it is." + Codes) { id, cron, zone, overlap, missed, url, output };
        command.SetAction((parsed, cancellationToken) => ServiceConnection.WithAsync(
            parsed.GetValue(url),
            parsed.InvocationConfiguration.Error,
            async client =>
            {
                var change = new ScheduleChange { Cron = parsed.GetValue(cron), TimeZone = parsed.GetValue(zone), Overlap = parsed.GetValue(overlap), Missed = parsed.GetValue(missed) };
                return await WriteAsync(parsed, output, await client.Api.ChangeScheduleAsync(parsed.GetRequiredValue(id), change, cancellationToken), ScheduleText.Of);
            },
            "schedule"));
        return command;
    }

    private static Command Asking<T>(string name, string description, Func<ITunerApi, string, CancellationToken, Task<T>> ask, Func<T, string> text)
    {
        var ids = Ids();
        var (url, output) = (ServiceConnection.UrlOption(), ServiceConnection.OutputOption());
        var command = new Command(name, description + Codes) { ids, url, output };
        command.SetAction((parsed, cancellationToken) => ServiceConnection.WithAsync(parsed.GetValue(url), parsed.InvocationConfiguration.Error, async client =>
        {
            foreach (var id in parsed.GetRequiredValue(ids))
            {
                await WriteAsync(parsed, output, await ask(client.Api, id, cancellationToken), text);
            }

            return ExitCode.Ok;
        }));
        return command;
    }

    private static Command Deleting()
    {
        var ids = Ids();
        var (url, output) = (ServiceConnection.UrlOption(), ServiceConnection.OutputOption());
        var command = new Command("delete", "Let a service forget schedules and their history; the sweeps that they started stay." + Codes) { ids, url, output };
        command.SetAction((parsed, cancellationToken) => ServiceConnection.WithAsync(parsed.GetValue(url), parsed.InvocationConfiguration.Error, async client =>
        {
            foreach (var id in parsed.GetRequiredValue(ids))
            {
                await client.Api.DeleteScheduleAsync(id, cancellationToken);
                await Deed.WriteAsync(parsed, output, id, "deleted");
            }

            return ExitCode.Ok;
        }));
        return command;
    }

    private static async Task<int> WriteAsync<T>(ParseResult parsed, Option<string> output, T value, Func<T, string> text)
    {
        await parsed.InvocationConfiguration.Output.WriteAsync(parsed.GetValue(output) is "json" ? ServiceConnection.Json(value) : text(value) + "\n");
        return ExitCode.Ok;
    }

    private static Argument<string> Id() => new("schedule") { Description = "A schedule's id." };

    private static Argument<string[]> Ids() => new("schedule") { Description = "Ids of schedules.", Arity = ArgumentArity.OneOrMore };
}
