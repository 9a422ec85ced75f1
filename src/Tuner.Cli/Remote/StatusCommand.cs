using System.CommandLine;
using Tuner.Client;
using Tuner.Core.Api;

namespace Tuner.Cli.Remote;

/// <summary><c>tuner status [SWEEP]</c>: where sweeps of a service stand.</summary>
internal static class StatusCommand
{
    private const string Explanation = """
        Show the sweeps of a service, or where one of them stands.

        Examples:
          tuner status                                    the newest sweeps
          tuner status --state running --label team:vision
          tuner status digits-20261122-081640 --watch     follow it to its end

        Exit codes with --watch: as 'tuner run' (0 a verified recommendation, 2 nothing is feasible, 4 a budget ended, 5 not
        verified, 6 inconclusive), 130 stopped watching (the sweep goes on).
        """;

    public static Command Create()
    {
        var id = new Argument<string?>("sweep") { Description = "A sweep's id; all sweeps where none is named.", Arity = ArgumentArity.ZeroOrOne };
        var watch = new Option<bool>("--watch") { Description = "Follow the sweep to its end." };
        var states = new Option<string[]>("--state") { Description = "Sweeps in this state; may stand several times." };
        var labels = new Option<string[]>("--label") { Description = "Sweeps with this label, name:value; may stand several times." };
        var name = new Option<string?>("--name") { Description = "Sweeps of this name." };
        var project = new Option<string?>("--project") { Description = "Sweeps of this project." };
        var limit = new Option<int>("--limit") { Description = "How many at most.", DefaultValueFactory = _ => 20 };
        var (url, output) = (ServiceConnection.UrlOption(), ServiceConnection.OutputOption());
        var command = new Command("status", Explanation) { id, watch, states, labels, name, project, limit, url, output };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (json, writer) = (parsed.GetValue(output) is "json", parsed.InvocationConfiguration.Output);
            return ServiceConnection.WithAsync(parsed.GetValue(url), parsed.InvocationConfiguration.Error, async client =>
            {
                if (parsed.GetValue(id) is not { } sweep)
                {
                    var page = await client.Api.SweepsAsync(
                        parsed.GetValue(states) ?? [], parsed.GetValue(labels) ?? [], parsed.GetValue(name), parsed.GetValue(project), null, parsed.GetValue(limit), cancellationToken);
                    await writer.WriteAsync(json ? ServiceConnection.Json(page) : RemoteText.Table(page.Items));
                    return ExitCode.Ok;
                }

                return parsed.GetValue(watch)
                    ? await new SweepFollowing(client, writer, json).RunAsync(sweep, cancellationToken)
                    : await ShowAsync(client, sweep, json, writer, cancellationToken);
            });
        });
        return command;
    }

    private static async Task<int> ShowAsync(TunerClient client, string id, bool json, TextWriter writer, CancellationToken cancellationToken)
    {
        var sweep = await client.Api.SweepAsync(id, cancellationToken);
        if (json)
        {
            await writer.WriteAsync(ServiceConnection.Json(sweep));
            return ExitCode.Ok;
        }

        await writer.WriteLineAsync(RemoteText.Of(sweep));
        for (string? after = null; ;)
        {
            var page = await client.Api.TrialsAsync(id, after, 100, cancellationToken);
            foreach (var trial in page.Items)
            {
                await writer.WriteLineAsync(RemoteText.Of(trial));
            }

            if ((after = page.Next) is null)
            {
                return ExitCode.Ok;
            }
        }
    }
}
