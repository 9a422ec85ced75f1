using System.CommandLine;
using System.Globalization;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Pods;
using Tuner.Core.Definitions;

namespace Tuner.Cli.Cluster;

/// <summary><c>tuner argo ready</c>: the ready step of a trial, run in a pod. Exit codes: 0 ready, 1 not ready in time, 64 it cannot tell.</summary>
internal static class ReadyCommand
{
    private const int NotReady = 1;

    public static Command Create()
    {
        var objects = new Option<string>("--objects") { Description = "APIVERSION/KIND/NAME, separated by spaces.", Required = true };
        var timeout = new Option<string>("--timeout") { Description = "How long to wait.", DefaultValueFactory = _ => "5m" };
        var service = Text("--service", "The Service whose pods get the load.");
        var port = Text("--port", "Its port; the first one where there is none.");
        var url = Text("--url", "An address instead of a Service.");
        var path = Text("--path", "A path that every target must answer.");
        var condition = Text("--condition", "A condition that must be True.");
        var replicas = Text("--replicas", "Pods that must stand behind the Service.");
        var pods = Text("--pods", "Load pods that will begin together.");
        var output = new Option<string>("--output") { Description = "The folder for targets, start and report.", Required = true };
        var command = new Command("ready", "Wait until a trial's candidate is ready; runs in a pod of its workflow.") { objects, timeout, service, port, url, path, condition, replicas, pods, output };
        command.Hidden = true;
        command.SetAction(async (line, cancellationToken) =>
        {
            var access = InCluster.OrKubeconfig(null, null, TimeProvider.System);
            if (!Quantities.TryDuration(line.GetRequiredValue(timeout), out var limit, out var problem))
            {
                await Console.Error.WriteLineAsync($"--timeout: {problem}");
                return ExitCode.BadInput;
            }

            var request = new ReadyRequest
            {
                Objects = [.. line.GetRequiredValue(objects).Split(' ', StringSplitOptions.RemoveEmptyEntries)],
                Namespace = access.Namespace ?? "default",
                Service = Given(line.GetValue(service)),
                Port = Number(line.GetValue(port)),
                Url = Given(line.GetValue(url)) is { } address ? new Uri(address) : null,
                Path = Given(line.GetValue(path)),
                Condition = Given(line.GetValue(condition)),
                Replicas = Number(line.GetValue(replicas)),
                Timeout = limit,
                LoadPods = Number(line.GetValue(pods)) ?? 1,
            };
            using var http = new SocketsHttpHandler();
            var outcome = await new ReadyStep(KubernetesClient.Connect(access), http, TimeProvider.System).WaitAsync(request, cancellationToken);
            await WriteAsync(line.GetRequiredValue(output), outcome);
            await Console.Out.WriteLineAsync(outcome.IsReady ? $"ready: {string.Join(' ', outcome.Targets)}" : outcome.Report);
            return outcome.IsReady ? ExitCode.Ok : outcome.CannotTell ? ExitCode.BadInput : NotReady;
        });
        return command;
    }

    private static async Task WriteAsync(string folder, ReadyOutcome outcome)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "targets"), outcome.Targets.IsEmpty ? "-" : string.Join(' ', outcome.Targets.Select(target => target.GetLeftPart(UriPartial.Authority))));
        await File.WriteAllTextAsync(Path.Combine(folder, "start"), outcome.Start?.ToString("O", CultureInfo.InvariantCulture) ?? "-");
        await File.WriteAllTextAsync(Path.Combine(folder, "report"), outcome.IsReady ? "-" : outcome.Report);
    }

    private static Option<string> Text(string name, string about) => new(name) { Description = about, DefaultValueFactory = _ => "" };

    /// <summary>A dash stands for nothing.</summary>
    private static string? Given(string? text) => text is null or "" or "-" ? null : text;

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
