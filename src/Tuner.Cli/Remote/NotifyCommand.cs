using System.CommandLine;
using System.Globalization;
using Tuner.Core.Api;

namespace Tuner.Cli.Remote;

/// <summary><c>tuner notify</c>: whom a service tells of sweeps that end and of the gate's verdicts.</summary>
internal static class NotifyCommand
{
    private const string SecretVariable = "TUNER_WEBHOOK_SECRET";

    private const string Explanation = $"""
        Whom a service tells of events: sweeps that end, and what the gate says of a night. For admins.

        The service sends where its operator allows it (tuner serve --allow-notify), again and again until it is taken, and
        signs each delivery (Tuner-Signature). The secret, or GitHub's token, is read from {SecretVariable}: other users of
        a machine can read a command line. An address of '-' is read from standard input, since Slack's is a secret.

        Examples:
          tuner notify add https://ci.example/tuner --project team-vision
          tuner notify add - --kind slack < slack-webhook.txt
          {SecretVariable}=… tuner notify add https://api.github.com/repos/team/service/dispatches --kind gitHub
          tuner notify ping 4f1c2a9be0d3

        Exit codes: 0 done, 64 there is no such subscription or the request is not valid, 69 no service, 77 not allowed.
        """;

    public static Command Create() => new("notify", Explanation)
    {
        Adding(),
        Listing(),
        Each("ping", "Let a service send an event now, to try receivers.", "asked", (client, id, cancellationToken) => client.Api.PingAsync(id, cancellationToken)),
        Each("remove", "Let a service tell receivers of nothing any more.", "removed", (client, id, cancellationToken) => client.Api.UnsubscribeAsync(id, cancellationToken)),
    };

    private static Command Adding()
    {
        var address = new Argument<string>("address") { Description = "Where events go; '-' reads it from standard input." };
        var kind = new Option<string>("--kind") { Description = "webhook (our own JSON, signed), slack (an incoming webhook) or gitHub (a repository_dispatch).", DefaultValueFactory = _ => "webhook" };
        kind.AcceptOnlyFromAmong("webhook", "slack", "gitHub");
        var project = new Option<string?>("--project") { Description = "Whose events. Default: 'default'." };
        var (url, output) = (ServiceConnection.UrlOption(), ServiceConnection.OutputOption());
        var command = new Command("add", "Let a service tell a receiver of a project's events. Takes an admin's key, and a service that was started with --allow-notify for the address. Prints the secret that deliveries are signed with, once.") { address, kind, project, url, output };
        command.SetAction((parsed, cancellationToken) => ServiceConnection.WithAsync(parsed.GetValue(url), parsed.InvocationConfiguration.Error, async client =>
        {
            var written = parsed.GetRequiredValue(address);
            var made = await client.Api.SubscribeAsync(
                new NewSubscription
                {
                    Url = written is "-" ? (await Console.In.ReadToEndAsync(cancellationToken)).Trim() : written,
                    Kind = parsed.GetRequiredValue(kind),
                    Project = parsed.GetValue(project),
                    Secret = Environment.GetEnvironmentVariable(SecretVariable) is { Length: > 0 } secret ? secret : null,
                },
                cancellationToken);
            if (parsed.GetValue(output) is "json")
            {
                await parsed.InvocationConfiguration.Output.WriteAsync(ServiceConnection.Json(made));
                return ExitCode.Ok;
            }

            await parsed.InvocationConfiguration.Output.WriteLineAsync(Text(made.Subscription));
            if (made.Secret is not null)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync("Deliveries are signed with this secret; it is not shown again:");
                await parsed.InvocationConfiguration.Output.WriteLineAsync(made.Secret);
            }

            return ExitCode.Ok;
        }));
        return command;
    }

    private static Command Listing()
    {
        var (url, output) = (ServiceConnection.UrlOption(), ServiceConnection.OutputOption());
        var command = new Command("list", "Show whom a service tells, and what still waits.") { url, output };
        command.SetAction((parsed, cancellationToken) => ServiceConnection.WithAsync(parsed.GetValue(url), parsed.InvocationConfiguration.Error, async client =>
        {
            var subscriptions = await client.Api.SubscriptionsAsync(cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteAsync(parsed.GetValue(output) is "json" ? ServiceConnection.Json(subscriptions) : string.Concat(subscriptions.Select(each => Text(each) + "\n")));
            return ExitCode.Ok;
        }));
        return command;
    }

    private static Command Each(string name, string description, string done, Func<Client.TunerClient, string, CancellationToken, Task> act)
    {
        var ids = new Argument<string[]>("subscription") { Description = "Ids of subscriptions.", Arity = ArgumentArity.OneOrMore };
        var (url, output) = (ServiceConnection.UrlOption(), ServiceConnection.OutputOption());
        var command = new Command(name, description) { ids, url, output };
        command.SetAction((parsed, cancellationToken) => ServiceConnection.WithAsync(parsed.GetValue(url), parsed.InvocationConfiguration.Error, async client =>
        {
            foreach (var id in parsed.GetRequiredValue(ids))
            {
                await act(client, id, cancellationToken);
                await Deed.WriteAsync(parsed, output, id, done);
            }

            return ExitCode.Ok;
        }));
        return command;
    }

    private static string Text(SubscriptionView view) => string.Create(
        CultureInfo.InvariantCulture,
        $"{view.Id}  {view.Kind,-8}{view.Project,-20}{view.Host}{(view.Waiting > 0 ? $"  {view.Waiting} waiting" : "")}{(view.Problem is { } problem ? $"  ({problem})" : "")}");
}
