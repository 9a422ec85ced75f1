using System.Diagnostics;
using System.Text.Json.Nodes;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Rendering;
using Tuner.Argo.Tests.Cluster;

namespace Tuner.Argo.Tests.Standin;

/// <summary>What a step's pod came to.</summary>
internal sealed record StandinResult(int ExitCode, string Message, JsonObject Outputs)
{
    /// <summary>Somebody took the pod away; Argo calls that an error, not a failure.</summary>
    public bool Deleted => ExitCode == StandinContainer.Deleted;
}

/// <summary>One step: kubectl for a resource, a process or a pod for a container; with the account's own token, in a folder of its own.</summary>
internal sealed class StandinPod(ArgoNamespace place, JsonObject workflow, JsonObject template, string step, StandinOptions options, string id)
{
    private static readonly string Tuner = Path.Combine(AppContext.BaseDirectory, "tuner.dll");
    private readonly string folder = Directory.CreateDirectory(Path.Combine(place.Folder, id)).FullName;

    public async Task<StandinResult> RunAsync(Func<string, string> fill, IReadOnlyDictionary<string, string> artifacts, CancellationToken cancellationToken)
    {
        var (code, said) = await StepAsync(fill, artifacts, cancellationToken);
        if (code == StandinContainer.Deleted)
        {
            return new StandinResult(code, said, []);
        }

        var outputs = new JsonObject { ["exitCode"] = code.ToString() };
        var parameters = Parameters();
        if (parameters.Count > 0)
        {
            outputs["parameters"] = parameters;
        }

        if (code == 0 && Artifacts(outputs) is { } unkept)
        {
            return new StandinResult(64, unkept, outputs);
        }

        // The wait container reports with the pod's own account; without the right to, nothing works.
        return await ReportAsync((JsonObject)outputs.DeepClone()) is { } refused
            ? new StandinResult(64, $"wait: Error (exit code 64): {refused}", outputs)
            : new StandinResult(code, code == 0 ? "" : $"{options.Exit(code)}{(template["resource"] is null ? "" : $": {said}")}", outputs);
    }

    /// <summary>Ended from outside, a step has failed, at whatever it was: also a pod that has yet to begin.</summary>
    private async Task<(int Code, string Said)> StepAsync(Func<string, string> fill, IReadOnlyDictionary<string, string> artifacts, CancellationToken cancellationToken)
    {
        try
        {
            return template["resource"] is JsonObject resource
                ? await ResourceAsync(resource, cancellationToken)
                : await ContainerAsync(fill, artifacts, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return (64, "context canceled");
        }
    }

    private async Task<(int Code, string Said)> ResourceAsync(JsonObject resource, CancellationToken cancellationToken)
    {
        if (options.Command?.Invoke(step, []) is { } instead)
        {
            return await ProcessAsync(instead, cancellationToken);
        }

        var action = resource.Text("action")!;
        var arguments = new List<string> { "kubectl", "--kubeconfig", place.PodsKubeconfig, action };
        if (action is "delete")
        {
            arguments.AddRange(["--ignore-not-found", .. resource["flags"]!.AsArray().Select(flag => flag!.GetValue<string>()), "-o", "name"]);
            return await ProcessAsync(arguments, cancellationToken);
        }

        // Of several documents only the first is applied, and success is reported.
        var manifest = resource.Text("manifest")!.Split("\n---\n")[0];
        if (action is "patch")
        {
            var patchFile = Path.Combine(folder, "manifest.json");
            await File.WriteAllTextAsync(patchFile, manifest, cancellationToken);
            return await ProcessAsync([.. arguments, "--type", resource.Text("mergeStrategy") ?? "strategic", "-p", manifest, "-f", patchFile, "-o", "json"], cancellationToken);
        }

        if (resource.Flag("setOwnerReference") is true)
        {
            manifest = manifest.Replace("\nmetadata:\n", "\n" + $"""
                metadata:
                  ownerReferences:
                  - apiVersion: argoproj.io/v1alpha1
                    kind: Workflow
                    name: {workflow.Text("metadata", "name")}
                    uid: {workflow.Text("metadata", "uid")}
                    controller: true
                    blockOwnerDeletion: true

                """, StringComparison.Ordinal);
            var first = manifest.IndexOf("metadata:\n  ownerReferences:", StringComparison.Ordinal);
            Assert.True(first >= 0, manifest);
        }

        var file = Path.Combine(folder, "manifest.yaml");
        await File.WriteAllTextAsync(file, manifest, cancellationToken);
        return await ProcessAsync([.. arguments, "-f", file, "-o", "json"], cancellationToken);
    }

    private async Task<(int Code, string Said)> ContainerAsync(Func<string, string> fill, IReadOnlyDictionary<string, string> artifacts, CancellationToken cancellationToken)
    {
        if (options.InPods)
        {
            return await new StandinContainer(place, workflow, template, id, folder).RunAsync(fill, artifacts, cancellationToken);
        }

        foreach (var input in template.Objects("inputs", "artifacts"))
        {
            var path = Inside(input.Text("path")!);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, artifacts[input.Text("name")!], cancellationToken);
        }

        await WriteSecretsAsync(fill, cancellationToken);
        var container = template["container"]!;
        IReadOnlyList<string> words = [.. container["command"]!.AsArray().Concat(container["args"] as JsonArray ?? []).Select(word => Moved(fill(word!.GetValue<string>())))];
        words = options.Command?.Invoke(step, words) ?? words;
        return await ProcessAsync(words[0] is "tuner" ? ["dotnet", Tuner, .. words.Skip(1)] : words, cancellationToken);
    }

    /// <summary>What the kubelet does for a volume of a Secret that may be missing.</summary>
    private async Task WriteSecretsAsync(Func<string, string> fill, CancellationToken cancellationToken)
    {
        foreach (var volume in template.Objects("volumes").Where(volume => volume.Text("secret", "secretName") is not null))
        {
            var mount = template["container"].Objects("volumeMounts").Single(mount => mount.Text("name") == volume.Text("name")).Text("mountPath")!;
            var secrets = await place.Admin.ListAsync(ResourcePath.Secrets(place.Name), null, $"metadata.name={fill(volume.Text("secret", "secretName")!)}", null, null, cancellationToken);
            foreach (var (key, value) in secrets.Objects("items").SelectMany(secret => secret["data"].Texts()))
            {
                Directory.CreateDirectory(Inside(mount));
                await File.WriteAllBytesAsync(Path.Combine(Inside(mount), key), Convert.FromBase64String(value), cancellationToken);
            }
        }
    }

    private async Task<(int Code, string Said)> ProcessAsync(IReadOnlyList<string> words, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(words[0]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = folder };
        foreach (var word in words.Skip(1))
        {
            start.ArgumentList.Add(word);
        }

        start.Environment["KUBECONFIG"] = place.PodsKubeconfig;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        await output;
        return (process.ExitCode, (await errors).Trim());
    }

    private JsonArray Parameters()
    {
        var result = new JsonArray();
        foreach (var parameter in template.Objects("outputs", "parameters"))
        {
            var file = Inside(parameter.Text("valueFrom", "path")!);
            var value = File.Exists(file) ? File.ReadAllText(file) : parameter.Text("valueFrom", "default");
            if (value is not null)
            {
                result.Add(new JsonObject { ["name"] = parameter.Text("name"), ["value"] = value, ["valueFrom"] = parameter["valueFrom"]!.DeepClone() });
            }
        }

        return result;
    }

    /// <summary>Keeps output artifacts as the wait container does; its words where there is no repository.</summary>
    private string? Artifacts(JsonObject outputs)
    {
        var kept = new JsonArray();
        foreach (var artifact in template.Objects("outputs", "artifacts"))
        {
            if (options.Repository is not { } repository)
            {
                return "wait: Error (exit code 64): You need to configure artifact storage. More information on how to do this can be found in the docs: https://argo-workflows.readthedocs.io/en/latest/configure-artifact-repository/";
            }

            var key = Path.Combine(id, artifact.Text("name")!);
            Directory.CreateDirectory(Path.Combine(repository, id));
            File.Copy(Inside(artifact.Text("path")!), Path.Combine(repository, key), overwrite: true);
            kept.Add(new JsonObject { ["name"] = artifact.Text("name"), ["path"] = artifact.Text("path"), ["archive"] = artifact["archive"]?.DeepClone(), ["s3"] = new JsonObject { ["key"] = key } });
        }

        if (kept.Count > 0)
        {
            outputs["artifacts"] = kept;
        }

        return null;
    }

    private async Task<string?> ReportAsync(JsonObject outputs)
    {
        var pods = KubernetesClient.Connect(TestCluster.Access(place.PodsKubeconfig));
        try
        {
            await pods.CreateAsync(ResourcePath.Of("argoproj.io/v1alpha1", place.Name, "workflowtaskresults"), new JsonObject
            {
                ["apiVersion"] = "argoproj.io/v1alpha1",
                ["kind"] = "WorkflowTaskResult",
                ["metadata"] = new JsonObject
                {
                    ["name"] = id,
                    ["labels"] = new JsonObject { ["workflows.argoproj.io/workflow"] = workflow.Text("metadata", "name") },
                    ["ownerReferences"] = new JsonArray(new JsonObject { ["apiVersion"] = "argoproj.io/v1alpha1", ["kind"] = "Workflow", ["name"] = workflow.Text("metadata", "name"), ["uid"] = workflow.Text("metadata", "uid") }),
                },
                ["outputs"] = outputs,
            }, CancellationToken.None);
            return null;
        }
        catch (KubernetesException exception) when (exception.IsForbidden)
        {
            return exception.Message;
        }
        catch (KubernetesException)
        {
            return null;
        }
    }

    /// <summary>The folders of the container, in the folder of the pod.</summary>
    private string Moved(string word) => word.Replace("=/tmp/tuner", $"={folder}/tmp/tuner", StringComparison.Ordinal).Replace("=/tuner/", $"={folder}/tuner/", StringComparison.Ordinal);

    private string Inside(string path) => folder + path;
}
