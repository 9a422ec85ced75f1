using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Rendering;
using Tuner.Argo.Tests.Cluster;
using Tuner.Argo.Tests.Standin;

namespace Tuner.Argo.Tests.Trials;

/// <summary>
/// Secrets are planted in every place of a sweep that takes one, the sweep runs on a real API server, and everything that
/// somebody may read is read: every object but the Secret, the plan, what the command says, every report, every page.
/// </summary>
public sealed partial class PlantedSecretsTests : TrialTests
{
    private const string Planted = "pl4ntedw0rd51";
    private const int FewestPages = 8;

    private static readonly string[] Kinds =
    [
        "argoproj.io/v1alpha1/workflows", "argoproj.io/v1alpha1/workflowtaskresults", "argoproj.io/v1alpha1/workflowtemplates",
        "v1/configmaps", "v1/pods", "v1/events", "v1/services", "apps/v1/deployments", "apps/v1/replicasets",
    ];

    [ClusterFact]
    public async Task No_planted_secret_is_in_any_object_plan_report_page_event_or_log()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await using var server = new AnswerServer();
        await using var argo = new StandinController(place);
        var (file, state) = (Write(place, server), Path.Combine(Sweeps.Folder, "state"));
        var seen = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);

        seen["plan"] = await TunerAsync(place, 0, "plan", file);
        seen["plan as json"] = await TunerAsync(place, 0, "plan", file, "--output", "json");
        using var ended = new CancellationTokenSource();
        var looking = LookAsync(place, seen, ended.Token);
        seen["run"] = await TunerAsync(place, null, "run", file, "--state", state, "--accept-unverified");
        await ended.CancelAsync();
        Assert.True(await looking > 0, "the Secret of a trial was never seen");
        foreach (var output in new[] { "text", "json", "markdown", "html" })
        {
            seen[$"report as {output}"] = await TunerAsync(place, 0, "report", "--state", state, "--output", output);
        }

        await CrawlAsync(place, state, seen);

        // The secrets reached where they are needed, or the test proves nothing.
        Assert.Equal($"Bearer {Planted}-header", server.Authorization);
        foreach (var kind in new[] { "workflows/", "workflowtaskresults/", "deployments/" })
        {
            Assert.Contains(seen.Keys, name => name.StartsWith(kind, StringComparison.Ordinal));
        }

        Assert.InRange(seen.Keys.Count(name => name.StartsWith('/')), FewestPages, int.MaxValue);
        Assert.Empty(Forms().SelectMany(form => seen.Where(text => text.Value.Contains(form, StringComparison.Ordinal)).Select(text => Around(text.Key, text.Value, form))));
    }

    /// <summary>The secret as it is, and as base64 has it at each of three places in a text.</summary>
    private static string[] Forms() =>
    [
        Planted,
        .. Enumerable.Range(0, 3).Select(before => Convert.ToBase64String(Encoding.UTF8.GetBytes(new string(' ', before) + Planted))).Select((text, before) => text[4..16]),
    ];

    private static string Around(string name, string text, string form)
    {
        var at = text.IndexOf(form, StringComparison.Ordinal);
        return $"{name}: {text[Math.Max(0, at - 40)..Math.Min(text.Length, at + 40)]}";
    }

    private string Write(ArgoNamespace place, AnswerServer server)
    {
        var text = SweepText(place, server)
            .Replace("manifest: objects.yaml", $"manifest: objects.yaml\n    env: {{ API_TOKEN: {Planted}-env }}", StringComparison.Ordinal)
            .Replace("request: { path: / }", $"request: {{ path: \"/?api_key={Planted}-path\", headers: {{ Authorization: \"Bearer {Planted}-header\" }}, body: '{{ \"apiKey\": \"{Planted}-body\" }}' }}", StringComparison.Ordinal)
            + "\nbudget: { trials: 2, wallTime: 30m }\nverification: { finalists: 1, repeats: 1 }\n";
        var objects = Objects.Replace(
            "{ name: server, image: \"tuner.test/nothing:1\" }",
            $"{{ name: server, image: \"tuner.test/nothing:1\", args: [ \"--api-key={Planted}-option\", \"--password\", \"{Planted}-word\" ], env: [ {{ name: DATABASE, value: \"postgres://serve:{Planted}-address@db/models\" }}, {{ name: DB_PASSWORD, value: {Planted}-manifest }} ] }}",
            StringComparison.Ordinal);
        Assert.Contains($"{Planted}-word", objects, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(Sweeps.Folder, "objects.yaml"), objects);
        File.WriteAllText(Path.Combine(Sweeps.Folder, "sweep.yaml"), text);
        return Path.Combine(Sweeps.Folder, "sweep.yaml");
    }

    /// <summary>Keeps every state of every object, until it is told to stop.</summary>
    /// <returns>How many Secrets of trials it saw.</returns>
    private static async Task<int> LookAsync(ArgoNamespace place, ConcurrentDictionary<string, string> seen, CancellationToken ended)
    {
        var secrets = new HashSet<string>(StringComparer.Ordinal);
        while (!ended.IsCancellationRequested)
        {
            foreach (var kind in Kinds)
            {
                var parts = kind.Split('/');
                foreach (var item in (await place.Admin.ListAsync(ResourcePath.Of(string.Join('/', parts[..^1]), place.Name, parts[^1]), null, null, null, null, CancellationToken.None)).Objects("items"))
                {
                    seen[$"{parts[^1]}/{item.Text("metadata", "name")} {item.Text("metadata", "resourceVersion")}"] = item.ToJsonString();
                }
            }

            secrets.UnionWith(await place.OwnedAsync("v1", "secrets"));
            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, CancellationToken.None);
        }

        return secrets.Count;
    }

    /// <summary>Every page that the first one leads to.</summary>
    private static async Task CrawlAsync(ArgoNamespace place, string state, ConcurrentDictionary<string, string> seen)
    {
        var address = AnswerServer.FreeAddress();
        using var serving = Start(place, "serve", "--listen", address.Authority, "--state", state);
        var said = Task.WhenAll(serving.StandardOutput.ReadToEndAsync(), serving.StandardError.ReadToEndAsync());
        try
        {
            using var http = new HttpClient { BaseAddress = address };
            Assert.True(await ArgoNamespace.Until(async () => (await http.GetAsync(new Uri("/health/ready", UriKind.Relative))).IsSuccessStatusCode), "the service does not answer");
            var open = new Queue<string>(["/"]);
            while (open.TryDequeue(out var path))
            {
                using var response = await http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
                if (response.Content.Headers.ContentType?.MediaType is "text/event-stream")
                {
                    continue;
                }

                var text = seen[path] = await response.Content.ReadAsStringAsync();
                foreach (var link in Link().Matches(text).Select(match => System.Net.WebUtility.HtmlDecode(match.Groups["path"].Value)).Where(link => seen.TryAdd(link, "")))
                {
                    open.Enqueue(link);
                }
            }
        }
        finally
        {
            serving.Kill(entireProcessTree: true);
            await serving.WaitForExitAsync();
        }

        seen["log of the service"] = string.Concat(await said);
    }

    private static async Task<string> TunerAsync(ArgoNamespace place, int? code, params string[] words)
    {
        using var process = Start(place, words);
        var said = string.Concat(await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync()));
        await process.WaitForExitAsync();
        Assert.True(code is null || process.ExitCode == code, $"tuner {string.Join(' ', words)}: {process.ExitCode} {said}");
        return said;
    }

    private static Process Start(ArgoNamespace place, params string[] words)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var word in (string[])[Path.Combine(AppContext.BaseDirectory, "tuner.dll"), .. words])
        {
            start.ArgumentList.Add(word);
        }

        start.Environment["KUBECONFIG"] = place.TunerKubeconfig;
        return Process.Start(start)!;
    }

    [GeneratedRegex("(?:href|src)=\"(?<path>/[^\"#]*)")]
    private static partial Regex Link();
}
