using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Rendering;
using Tuner.Argo.Tests.Cluster;
using Tuner.Argo.Tests.Standin;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Engine;
using Tuner.Service.Storage;

namespace Tuner.Argo.Tests.Trials;

/// <summary>deploy/cluster as it stands: two replicas of the service on one PostgreSQL, in the cluster that they tune in.</summary>
public sealed partial class ServiceInClusterTests : TrialTests
{
    [PodsFact]
    public async Task Two_replicas_survive_the_loss_of_either_and_no_trial_is_lost()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await using var database = await ClusterDatabase.CreateAsync();
        await using var argo = new StandinController(place, new StandinOptions { InPods = true });
        var key = (await RunAsync(null, null, "dotnet", Tuner, "key", "generate")).Trim();
        var sealing = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        foreach (var (name, data) in new[] { ("tuner-database", new JsonObject { ["url"] = database.UrlInPods }), ("tuner-keys", new JsonObject { ["first-key"] = key, ["secret-key"] = sealing }) })
        {
            await place.Admin.CreateAsync(ResourcePath.Secrets(place.Name), new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Secret", ["metadata"] = new JsonObject { ["name"] = name }, ["stringData"] = data }, default);
        }

        await RunAsync(null, null, "kubectl", "--kubeconfig", TestCluster.Kubeconfig!, "apply", "-n", place.Name, "-k", Path.Combine(TestCluster.Repository, "deploy/cluster"));
        Assert.True(await ArgoNamespace.Until(async () => (await ReadyAsync(place)).Length == 2), "the service's pods are not ready");

        var (forward, url) = await ForwardAsync(place);
        using (forward)
        {
            await RunAsync(url, key, "dotnet", Tuner, "submit", Path.Combine(Sweeps.Folder, WriteSweep(place)));
            forward.Kill();
        }

        var stores = new SweepStores(await DatabaseChoice.OpenAsync(database.Url, new StateDirectory(Sweeps.Folder), default));
        var lost = new List<string>();
        for (var round = 0; round < 2; round++)
        {
            var number = round + 1;
            Assert.True(await ArgoNamespace.Until(async () => (await TrialsAsync(stores)).Any(trial => trial.Number >= number && !trial.HasEnded && trial.State is TrialState.Measuring)), "no trial is measured");
            var node = NodeIdentity.HostOf((await SweepAsync(stores)).Node!);
            lost.Add(node);
            await RunAsync(null, null, "kubectl", "--kubeconfig", TestCluster.Kubeconfig!, "delete", "pod", node, "-n", place.Name, "--grace-period=0", "--force");
            Assert.True(await ArgoNamespace.Until(async () => (await SweepAsync(stores)) is { Node: { } next } && NodeIdentity.HostOf(next) != node), "nobody took over");
            Assert.True(await ArgoNamespace.Until(async () => (await ReadyAsync(place)).Except(lost).Count() == 2), "the lost pod was not replaced");
        }

        Assert.True(await ArgoNamespace.Until(async () => (await SweepAsync(stores)).State is SweepState.Finished), "the sweep did not end");
        Assert.Equal(2, lost.Distinct(StringComparer.Ordinal).Count());

        // Each trial came to its measurement, though a busy machine may make that one the generator does not vouch for.
        Assert.All(await TrialsAsync(stores), trial => Assert.True(trial.State is TrialState.Measured or TrialState.Invalid { Measurement: not null }, $"{trial.State}"));
        await NothingIsLeftAsync(place);
    }

    private static string Tuner => Path.Combine(AppContext.BaseDirectory, "tuner.dll");

    private static async Task<StoredSweep> SweepAsync(SweepStores stores) => Assert.Single((await stores.Sweeps.ListSweepsAsync(new SweepQuery(), default)).Sweeps);

    private static async Task<IReadOnlyList<Trial>> TrialsAsync(SweepStores stores) => await stores.Sweeps.TrialsAsync((await SweepAsync(stores)).Id, default);

    private static async Task<string[]> ReadyAsync(ArgoNamespace place) =>
    [
        .. (await place.Admin.ListAsync(ResourcePath.Pods(place.Name), "app.kubernetes.io/component=service", null, null, null, default)).Objects("items")
            .Where(pod => pod.Objects("status", "conditions").Any(condition => condition.Text("type") is "Ready" && condition.Text("status") is "True"))
            .Select(pod => pod.Text("metadata", "name")!),
    ];

    private string WriteSweep(ArgoNamespace place)
    {
        PodTrialTests.CopySample(Sweeps.Folder);
        File.WriteAllText(Path.Combine(Sweeps.Folder, "sweep.yaml"), PodTrialTests.SampleText(place)
            .Replace("users: 4, duration: 5s", "rate: 8/s, duration: 10s", StringComparison.Ordinal)
            .Replace("  arrival: closed\n", "", StringComparison.Ordinal)
            .Replace("budget: { trials: 20, wallTime: 1h }", "budget: { trials: 2, wallTime: 1h }", StringComparison.Ordinal));
        return "sweep.yaml";
    }

    private static async Task<(Process Process, string Url)> ForwardAsync(ArgoNamespace place)
    {
        var process = Start(null, null, "kubectl", "--kubeconfig", TestCluster.Kubeconfig!, "port-forward", "-n", place.Name, "svc/tuner", ":80");
        var line = await process.StandardOutput.ReadLineAsync() ?? await process.StandardError.ReadToEndAsync();
        return (process, $"http://127.0.0.1:{Port().Match(line).Groups["port"].Value}");
    }

    private static async Task<string> RunAsync(string? url, string? key, params string[] words)
    {
        using var process = Start(url, key, words);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', words)}: {await errors}{await output}");
        return await output;
    }

    private static Process Start(string? url, string? key, params string[] words)
    {
        var start = new ProcessStartInfo(words[0]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var word in words.Skip(1))
        {
            start.ArgumentList.Add(word);
        }

        foreach (var (name, value) in new[] { ("TUNER_URL", url), ("TUNER_API_KEY", key) })
        {
            if (value is not null)
            {
                start.Environment[name] = value;
            }
        }

        return Process.Start(start)!;
    }

    [GeneratedRegex("127\\.0\\.0\\.1:(?<port>[0-9]+)")]
    private static partial Regex Port();
}
