using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Npgsql;
using Tuner.Cli.Tests.Running;
using Tuner.Testing.Databases;

namespace Tuner.Cli.Tests.Remote;

/// <summary>The real commands against a real service, as processes: what a user types on the first day.</summary>
public sealed class ServiceCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tuner-service-").FullName;
    private readonly string address = $"127.0.0.1:{FreePort().ToString(CultureInfo.InvariantCulture)}";

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_sweep_is_submitted_seen_and_cancelled_and_survives_a_killed_service()
    {
        var sample = Path.Combine(folder, "digits.yaml");
        Copy(sample);
        string id;
        using (var service = TunerCommand.Start(folder, "serve", "--listen", address))
        {
            await service.SaysAsync("Tuner serves");
            id = (await ThereAsync(0, "submit", sample)).Output.Trim();
            service.Kill();
            await service.EndAsync();
        }

        Assert.Contains("Start one with 'tuner serve'", (await ThereAsync(69, "status", id)).Errors, StringComparison.Ordinal);
        using (var service = TunerCommand.Start(folder, "serve", "--listen", address))
        {
            await service.SaysAsync("Tuner serves");
            using var sweep = JsonDocument.Parse((await ThereAsync(0, "status", id, "--output", "json")).Output);
            Assert.Equal(id, sweep.RootElement.GetProperty("id").GetString());
            Assert.StartsWith("## digits: ", (await ThereAsync(0, "report", id, "--output", "markdown")).Output, StringComparison.Ordinal);
            await ThereAsync(0, "cancel", id);
            var answer = await ThereAsync(6, "status", id, "--watch");
            Assert.Contains("cancelled by local user", answer.Output, StringComparison.Ordinal);
            await ThereAsync(0, "delete", id);
            Assert.Contains("There is no sweep", (await ThereAsync(64, "status", id)).Errors, StringComparison.Ordinal);
            service.Interrupt();
            await service.EndAsync();
            Assert.Equal(0, service.ExitCode);
        }
    }

    [Fact]
    public async Task A_schedule_is_created_changed_run_and_deleted()
    {
        var sample = Path.Combine(folder, "digits.yaml");
        Copy(sample);
        using var service = TunerCommand.Start(folder, "serve", "--listen", address);
        await service.SaysAsync("Tuner serves");
        Assert.Contains("schedule: { cron:", (await ThereAsync(64, "schedule", "create", sample)).Errors, StringComparison.Ordinal);
        await File.AppendAllTextAsync(sample, "\nschedule: { cron: \"0 2 1 1 *\", timeZone: Europe/London }\n");

        Assert.StartsWith("digits  0 2 1 1 * in Europe/London", (await ThereAsync(0, "schedule", "create", sample)).Output, StringComparison.Ordinal);
        Assert.Contains("'often'", (await ThereAsync(64, "schedule", "change", "digits", "--overlap", "often")).Errors, StringComparison.Ordinal);
        Assert.Contains("overlap queue", (await ThereAsync(0, "schedule", "change", "digits", "--overlap", "queue")).Output, StringComparison.Ordinal);
        Assert.EndsWith("  paused", (await ThereAsync(0, "schedule", "pause", "digits")).Output.TrimEnd(), StringComparison.Ordinal);
        await ThereAsync(0, "schedule", "resume", "digits");
        using var run = JsonDocument.Parse((await ThereAsync(0, "schedule", "run", "digits", "--output", "json")).Output);
        var sweep = run.RootElement.GetProperty("sweep").GetString()!;
        await ThereAsync(0, "cancel", sweep);
        using var shown = JsonDocument.Parse((await ThereAsync(0, "schedule", "show", "digits", "--output", "json")).Output);
        Assert.Equal(10, shown.RootElement.GetProperty("next").GetArrayLength());
        Assert.Equal(sweep, shown.RootElement.GetProperty("history")[0].GetProperty("sweep").GetString());
        Assert.Contains(sweep, (await ThereAsync(0, "schedule", "show", "digits")).Output, StringComparison.Ordinal);
        Assert.StartsWith("digits", (await ThereAsync(0, "schedule", "list")).Output, StringComparison.Ordinal);
        await ThereAsync(0, "schedule", "delete", "digits");
        Assert.Contains("There is no schedule 'digits'", (await ThereAsync(64, "schedule", "show", "digits")).Errors, StringComparison.Ordinal);
        service.Interrupt();
        await service.EndAsync();
        Assert.Equal(0, service.ExitCode);
    }

    [Fact]
    public async Task A_definition_that_names_a_registered_target_is_checked_planned_and_previewed_by_the_service()
    {
        var sample = Path.Combine(folder, "digits.yaml");
        Copy(sample);
        using var registered = await TunerCommand.RunAsync(folder, "target", "add", "model", sample);
        Assert.True(registered.ExitCode == 0, registered.Errors);
        var named = Path.Combine(folder, "named.yaml");
        await File.WriteAllTextAsync(named, Named(await File.ReadAllTextAsync(sample)) + "\nschedule: { cron: \"0 2 * * *\", timeZone: Europe/London }\n");
        using var service = TunerCommand.Start(folder, "serve", "--listen", address);
        await service.SaysAsync("Tuner serves");

        using var here = await TunerCommand.RunAsync(folder, "validate", named);
        Assert.Equal(64, here.ExitCode);
        Assert.Contains("no target 'model' is known here", here.Errors, StringComparison.Ordinal);
        Assert.Matches(@"named\.yaml: valid(, \d+ warnings?)? \(sweep digits, fingerprint [0-9a-f]{12}\)", (await ThereAsync(0, "validate", named)).Output);
        Assert.Contains("Tuner.SampleModel.dll --port", (await ThereAsync(0, "plan", named)).Output, StringComparison.Ordinal);
        using var plan = JsonDocument.Parse((await ThereAsync(0, "plan", named, "--output", "json")).Output);
        Assert.Equal("0 2 * * *", plan.RootElement.GetProperty("schedule").GetProperty("cron").GetString());
        Assert.Contains("Sun 2026-10-25 02:00 +00:00", (await ThereAsync(0, "schedule", "preview", named, "--from", "2026-10-24T12:00Z")).Output, StringComparison.Ordinal);

        await File.WriteAllTextAsync(named, (await File.ReadAllTextAsync(named)).Replace("template: model", "template: other", StringComparison.Ordinal));
        var refused = await ThereAsync(64, "validate", named);
        Assert.Contains("named.yaml:", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("error: target.template: no target 'other'", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("named.yaml: 1 error", refused.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_address_than_loopback_needs_a_key_first()
    {
        using var refused = await TunerCommand.RunAsync(folder, "serve", "--listen", "0.0.0.0:0");
        using var key = await TunerCommand.RunAsync(folder, "key", "create", "--name", "me", "--role", "admin");
        using var service = TunerCommand.Start(folder, "serve", "--listen", "0.0.0.0:0");
        await service.SaysAsync("Every request needs a key");

        Assert.Equal(64, refused.ExitCode);
        Assert.Contains("tuner key create --name me --role admin", refused.Errors, StringComparison.Ordinal);
        Assert.Matches("^tuner_[0-9a-f]{12}_[0-9a-f]{64}\n", key.Output);
    }

    [PostgresFact]
    public async Task A_service_stops_while_its_database_is_away()
    {
        var place = new NpgsqlConnectionStringBuilder(await PostgresServer.NewDatabaseAsync());
        using var cable = new Cable(place.Port);
        place.Port = cable.Port;
        using var service = TunerCommand.Start(folder, new Dictionary<string, string> { ["TUNER_DATABASE"] = place.ConnectionString }, "serve", "--listen", address);
        await service.SaysAsync("Tuner serves");

        cable.Cut();
        await service.SaysAsync("Cannot look for sweeps to work on");
        service.Interrupt();
        await service.EndAsync();

        Assert.Equal(0, service.ExitCode);
    }

    private async Task<(string Output, string Errors)> ThereAsync(int expected, params string[] arguments)
    {
        using var command = await TunerCommand.RunAsync(folder, [.. arguments, "--url", $"http://{address}"]);
        Assert.True(command.ExitCode == expected, $"tuner {string.Join(' ', arguments)} ended with {command.ExitCode}:\n{command.Errors}{command.Output}");
        return (command.Output, command.Errors);
    }

    /// <summary>The definition with a name in place of its target, which ends where the next key stands at the margin.</summary>
    private static string Named(string definition)
    {
        var lines = definition.Split('\n').ToList();
        var first = lines.FindIndex(line => line.StartsWith("target:", StringComparison.Ordinal));
        var next = lines.FindIndex(first + 1, line => line.Length > 0 && char.IsAsciiLetter(line[0]));
        return string.Join('\n', [.. lines[..first], "target: { template: model }", .. lines[next..]]);
    }

    private static void Copy(string sample)
    {
        var sweeps = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(sweeps.FullName, "Tuner.sln")))
        {
            sweeps = sweeps.Parent!;
        }

        var source = Path.Combine(sweeps.FullName, "sweeps");
        File.Copy(Path.Combine(source, "digits.yaml"), sample);
        var bodies = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(sample)!, "digits"));
        foreach (var body in Directory.GetFiles(Path.Combine(source, "digits"), "*.json"))
        {
            File.Copy(body, Path.Combine(bodies.FullName, Path.GetFileName(body)));
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
