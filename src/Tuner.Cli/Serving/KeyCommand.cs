using System.CommandLine;
using System.Globalization;
using Tuner.Cli.Remote;
using Tuner.Core.Api;
using Tuner.Service.Access;
using Tuner.Service.Storage;

namespace Tuner.Cli.Serving;

/// <summary><c>tuner key</c>: the API keys of a service, on its own machine.</summary>
internal static class KeyCommand
{
    private const string Explanation = """
        The API keys of a service. Works on the service's own folder, on its machine; a running service knows at once.

        Examples:
          tuner key create --name me --role admin
          tuner key create --name nightly --role operator --project team-search
          tuner key revoke 4f1c2a9be0d3
        """;

    public static Command Create() => new("key", Explanation) { Creating(), Generating(), Listing(), Revoking() };

    private static Command Creating()
    {
        var name = new Option<string>("--name") { Description = "Whom it is for.", Required = true };
        var role = new Option<KeyRole>("--role") { Description = "reader (sees), operator (submits and stops), admin (keys, price books, audit log; all projects).", DefaultValueFactory = _ => KeyRole.Reader };
        var projects = new Option<string[]>("--project") { Description = "A project that it sees; may stand several times. An admin sees all." };
        var (state, output) = (StateOption.Create(), ServiceConnection.OutputOption());
        var command = new Command("create", "Make a key. Its secret is printed this once; only its hash is stored.") { name, role, projects, state, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var wanted = new NewKey(parsed.GetRequiredValue(name), parsed.GetValue(role), [.. parsed.GetValue(projects) ?? []]);
            if (NewKeyCheck.Problem(wanted) is { } problem)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync(problem);
                return ExitCode.BadInput;
            }

            var (key, secret) = ApiKey.Create(wanted, TimeProvider.System.GetUtcNow());
            await new KeyStore(await StateOption.OpenAsync(parsed.GetRequiredValue(state), cancellationToken)).AddAsync(key, cancellationToken);
            if (parsed.GetValue(output) is "json")
            {
                await parsed.InvocationConfiguration.Output.WriteAsync(ServiceConnection.Json(new CreatedKey(key.ToView(), secret)));
                return ExitCode.Ok;
            }

            await parsed.InvocationConfiguration.Error.WriteLineAsync($"Key {key.Id} for {key.Name}, {key.Role.ToString().ToLowerInvariant()}. This is its secret; it is not stored and cannot be shown again:");
            await parsed.InvocationConfiguration.Output.WriteLineAsync(secret);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Generating()
    {
        var command = new Command("generate", $"Print the secret of a new key and store nothing: for {FirstKey.Variable}, from which a service takes its first admin's key.");
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.WriteLine(ApiKey.Create(new NewKey("", KeyRole.Admin, []), TimeProvider.System.GetUtcNow()).Secret));
        return command;
    }

    private static Command Listing()
    {
        var (state, output) = (StateOption.Create(), ServiceConnection.OutputOption());
        var command = new Command("list", "Show all keys, revoked ones too; never their secrets.") { state, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var keys = (await new KeyStore(await StateOption.OpenAsync(parsed.GetRequiredValue(state), cancellationToken)).ListAsync(cancellationToken)).Select(key => key.ToView()).ToList();
            if (parsed.GetValue(output) is "json")
            {
                await parsed.InvocationConfiguration.Output.WriteAsync(ServiceConnection.Json(keys));
                return;
            }

            foreach (var key in keys)
            {
                var until = key.RevokedAt is { } at ? string.Create(CultureInfo.InvariantCulture, $"revoked {at:yyyy-MM-dd}") : "good";
                await parsed.InvocationConfiguration.Output.WriteLineAsync($"{key.Id}  {key.Role.ToString().ToLowerInvariant(),-8}  {until,-18}  {(key.Projects.IsEmpty ? "all projects" : string.Join(',', key.Projects)),-24}  {key.Name}");
            }
        });
        return command;
    }

    private static Command Revoking()
    {
        var id = new Argument<string>("key") { Description = "The key's id." };
        var (state, output) = (StateOption.Create(), ServiceConnection.OutputOption());
        var command = new Command("revoke", "Revoke a key; it is refused from now on.") { id, state, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var store = new KeyStore(await StateOption.OpenAsync(parsed.GetRequiredValue(state), cancellationToken));
            if (await store.RevokeAsync(parsed.GetRequiredValue(id), TimeProvider.System.GetUtcNow(), cancellationToken))
            {
                await Deed.WriteAsync(parsed, output, parsed.GetRequiredValue(id), "revoked");
                return ExitCode.Ok;
            }

            await parsed.InvocationConfiguration.Error.WriteLineAsync($"There is no key '{parsed.GetRequiredValue(id)}' that is good. 'tuner key list' shows them.");
            return ExitCode.BadInput;
        });
        return command;
    }
}
