using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Tuner.Cli.Remote;
using Tuner.Core.Api;
using Tuner.Core.Sweeps;
using Tuner.Local;
using Tuner.Service.Api;
using Tuner.Service.Engine;
using Tuner.Service.Gate;
using Tuner.Service.Storage;

namespace Tuner.Cli;

/// <summary><c>tuner gate</c>: the configurations that nights are compared with, of a service or of a folder.</summary>
internal static class GateCommand
{
    private const string Explanation = """
        The accepted configurations: what 'tuner run --gate' and scheduled nights measure and compare with earlier nights.

        The first verified recommendation of a sweep's name is accepted by itself; later ones are for a person to accept.
        Speaks with a service (--url, TUNER_URL), or with --state to a folder of 'tuner run'.

        Examples:
          tuner gate list
          tuner gate accept checkout-20261122-020000
          tuner gate accept digits-20261122-111600 --state .tuner

        Exit codes: 0 done, 64 there is no such thing or its state does not allow it, 69 no service, 77 not allowed.
        """;

    public static Command Create() => new("gate", Explanation) { Listing(), Accepting(), Forgetting() };

    private static Command Listing()
    {
        var project = new Option<string?>("--project") { Description = "Of this project." };
        var (url, state, output) = (ServiceConnection.UrlOption(), State(), ServiceConnection.OutputOption());
        var command = new Command("list", "Show what is accepted, and the gate's last word on each.") { project, url, state, output };
        command.SetAction((parsed, cancellationToken) => OnAsync(
            parsed,
            url,
            state,
            async client => await WriteAsync(parsed, output, [.. await client.Api.GatesAsync(parsed.GetValue(project), cancellationToken)]),
            async engine => await WriteAsync(parsed, output, [.. (await engine.GetRequiredService<GateStore>().ListAsync([], cancellationToken)).Select(GateViews.Of)]),
            cancellationToken));
        return command;
    }

    private static Command Accepting()
    {
        var id = new Argument<string>("sweep") { Description = "The id of a sweep with a verified recommendation." };
        var (url, state, output) = (ServiceConnection.UrlOption(), State(), ServiceConnection.OutputOption());
        var command = new Command("accept", "Compare nights with this sweep's recommendation from now on.") { id, url, state, output };
        command.SetAction((parsed, cancellationToken) =>
        {
            var sweep = parsed.GetRequiredValue(id);
            return OnAsync(
                parsed,
                url,
                state,
                async client => await WriteAsync(parsed, output, [await client.Api.AcceptAsync(sweep, cancellationToken)]),
                async engine =>
                {
                    var stored = await engine.GetRequiredService<ISweepStore>().FindSweepAsync(new SweepId(sweep), cancellationToken);
                    var problem = stored is null ? $"There is no sweep {sweep} in {parsed.GetValue(state)}."
                        : await engine.GetRequiredService<SweepLibrary>().FindAsync(stored.Id, cancellationToken) is not { } read ? $"What is stored of {sweep} cannot be read."
                        : await engine.GetRequiredService<NightlyGate>().AcceptAsync(stored, read, cancellationToken);
                    if (problem is not null)
                    {
                        await parsed.InvocationConfiguration.Error.WriteLineAsync(problem);
                        return ExitCode.BadInput;
                    }

                    var gates = await engine.GetRequiredService<GateStore>().ListAsync([stored!.Project], cancellationToken);
                    return await WriteAsync(parsed, output, [.. gates.Where(gate => string.Equals(gate.Name, stored.Name, StringComparison.Ordinal)).Select(GateViews.Of)]);
                },
                cancellationToken);
        });
        return command;
    }

    private static Command Forgetting()
    {
        var name = new Argument<string>("name") { Description = "The sweep's name." };
        var project = new Option<string?>("--project") { Description = "Whose. Default: the key's own project, else 'default'." };
        var (url, state, output) = (ServiceConnection.UrlOption(), State(), ServiceConnection.OutputOption());
        var command = new Command("forget", "Compare nights with nothing any more; the next one searches again.") { name, project, url, state, output };
        command.SetAction((parsed, cancellationToken) =>
        {
            var of = parsed.GetRequiredValue(name);
            async Task<int> DoneAsync()
            {
                await Deed.WriteAsync(parsed, output, of, "forgotten");
                return ExitCode.Ok;
            }

            return OnAsync(
                parsed,
                url,
                state,
                async client =>
                {
                    await client.Api.ForgetGateAsync(of, parsed.GetValue(project), cancellationToken);
                    return await DoneAsync();
                },
                async engine =>
                {
                    if (await engine.GetRequiredService<GateStore>().ForgetAsync(parsed.GetValue(project) ?? StoredSweep.DefaultProject, of, cancellationToken))
                    {
                        return await DoneAsync();
                    }

                    await parsed.InvocationConfiguration.Error.WriteLineAsync($"Nothing is accepted under the name '{of}'. 'tuner gate list' shows what is.");
                    return ExitCode.BadInput;
                },
                cancellationToken);
        });
        return command;
    }

    private static Option<string?> State() => new("--state") { Description = "The folder of 'tuner run', instead of a service." };

    private static async Task<int> OnAsync(
        ParseResult parsed, Option<string?> url, Option<string?> state, Func<Client.TunerClient, Task<int>> remote, Func<IServiceProvider, Task<int>> local, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(state) is not { } folder)
        {
            return await ServiceConnection.WithAsync(parsed.GetValue(url), parsed.InvocationConfiguration.Error, remote);
        }

        var place = new StateDirectory(folder);
        if (!File.Exists(place.DatabaseFile))
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync($"{place.Path}: no sweep was ever run with this folder. Name another with --state.");
            return ExitCode.BadInput;
        }

        await using var engine = new ServiceCollection()
            .AddSweepEngine(await SqliteDatabase.OpenAsync(place.DatabaseFile, cancellationToken), new SweepEngineOptions { Local = new LocalOptions { StateDirectory = place.Path } })
            .AddSingleton<SweepLibrary>()
            .BuildServiceProvider();
        return await local(engine);
    }

    private static async Task<int> WriteAsync(ParseResult parsed, Option<string> output, IReadOnlyList<GateView> gates)
    {
        if (gates.Count == 0)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync("Nothing is accepted yet: the first verified recommendation of a sweep's name will be.");
        }

        await parsed.InvocationConfiguration.Output.WriteAsync(parsed.GetValue(output) is "json" ? ServiceConnection.Json(gates) : string.Concat(gates.Select(gate => Text(gate) + "\n")));
        return ExitCode.Ok;
    }

    private static string Text(GateView gate)
    {
        var values = string.Join(' ', gate.Accepted.Select(setting => $"{setting.Name}={setting.Value}"));
        var night = gate.Verdict is null ? "no night yet" : string.Create(CultureInfo.InvariantCulture, $"{gate.Verdict} on {gate.NightAt:yyyy-MM-dd}: {gate.VerdictReason}");
        return string.Create(CultureInfo.InvariantCulture, $"{gate.Name}  {gate.Project}  {values}  (of {gate.Sweep}, accepted {gate.AcceptedAt:yyyy-MM-dd})  {night}");
    }
}
