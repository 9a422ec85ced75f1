using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Tuner.Argo.Rendering;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;

namespace Tuner.Service.Exporting;

/// <summary>A candidate as what people deploy. Pure: the same candidate gives the same text.</summary>
public static class CandidateExport
{
    public static ImmutableArray<string> Formats { get; } = ["patch", "kustomize", "helm", "env", "compose"];

    /// <param name="format">One of <see cref="Formats"/>.</param>
    /// <returns>The text, or why this sweep has no such form.</returns>
    public static (string? Text, string? Problem) Write(Sweep sweep, Candidate candidate, string format) => format switch
    {
        "env" => (Env(sweep, candidate), null),
        "helm" => (Helm(sweep, candidate), null),
        "compose" => (Compose(sweep, candidate), null),
        "patch" or "kustomize" when sweep.Target is not Target.Argo { Source: ArgoSource.Manifest or ArgoSource.Existing } =>
            (null, $"The target of '{sweep.Name}' is no object of Kubernetes. Use one of env, helm, compose."),
        "patch" => (YamlText.Of(Patches(sweep, candidate)), null),
        "kustomize" => (Kustomize(sweep, candidate), null),
        _ => (null, $"'{format}' is not known. Use one of {string.Join(", ", Formats)}."),
    };

    private static string Head(Sweep sweep) => $"# {sweep.Name}: what Tuner found, definition {sweep.Fingerprint[..Math.Min(12, sweep.Fingerprint.Length)]}\n";

    /// <summary>The objects of the manifest with the candidate's values, as patches over what is deployed.</summary>
    private static IEnumerable<JsonObject> Patches(Sweep sweep, Candidate candidate)
    {
        var documents = Deployable.Of(sweep, candidate);
        foreach (var document in documents.Where(Deployable.HasPods))
        {
            var metadata = (JsonObject)document["metadata"]!;
            var patch = new JsonObject
            {
                ["apiVersion"] = document["apiVersion"]?.DeepClone(),
                ["kind"] = document["kind"]?.DeepClone(),
                ["metadata"] = new JsonObject { ["name"] = metadata["name"]?.DeepClone(), ["annotations"] = new JsonObject { [CandidateMark.Key] = CandidateMark.Of(candidate) } },
                ["spec"] = document["spec"]?.DeepClone(),
            };
            (patch["spec"] as JsonObject)?.Remove("selector");
            yield return patch;
        }
    }

    private static string Kustomize(Sweep sweep, Candidate candidate)
    {
        var patches = Patches(sweep, candidate).Select(patch => new JsonObject { ["patch"] = YamlText.Of(patch) });
        return Head(sweep) + "# Beside the base that it changes: resources names it.\n" + YamlText.Of(new JsonObject
        {
            ["apiVersion"] = "kustomize.config.k8s.io/v1beta1",
            ["kind"] = "Kustomization",
            ["resources"] = new JsonArray("../base"),
            ["patches"] = new JsonArray([.. patches]),
        });
    }

    private static string Helm(Sweep sweep, Candidate candidate)
    {
        var parts = ServingParts.Of(sweep, candidate);
        var values = new JsonObject { ["podAnnotations"] = new JsonObject { [CandidateMark.Key] = CandidateMark.Of(candidate) }, ["replicaCount"] = parts.Replicas };
        if (parts.Environment.Count > 0)
        {
            values["env"] = new JsonArray([.. parts.Environment.Select(pair => new JsonObject { ["name"] = pair.Key, ["value"] = pair.Value })]);
        }

        if (parts.Arguments.Count > 0)
        {
            values["args"] = new JsonArray([.. parts.Arguments.Select(argument => JsonValue.Create(argument))]);
        }

        if (sweep.Space.InstanceOf(candidate) is { Sample: false } instance)
        {
            values["nodeSelector"] = new JsonObject { ["node.kubernetes.io/instance-type"] = instance.Name };
        }

        values["tuned"] = new JsonObject(candidate.Values.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)JsonValue.Create(pair.Value.Text))));
        return Head(sweep) + YamlText.Of(values);
    }

    private static string Compose(Sweep sweep, Candidate candidate)
    {
        var parts = ServingParts.Of(sweep, candidate);
        var service = new JsonObject { ["labels"] = new JsonObject { [CandidateMark.Key] = CandidateMark.Of(candidate) } };
        if (parts.Environment.Count > 0)
        {
            service["environment"] = new JsonObject(parts.Environment.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)JsonValue.Create(pair.Value))));
        }

        if (parts.Arguments.Count > 0)
        {
            service["command"] = new JsonArray([.. parts.Arguments.Select(argument => JsonValue.Create(argument))]);
        }

        var deploy = new JsonObject { ["replicas"] = parts.Replicas };
        if (sweep.Space.InstanceOf(candidate) is { } instance)
        {
            deploy["resources"] = new JsonObject
            {
                ["limits"] = new JsonObject
                {
                    ["cpus"] = instance.Vcpus.ToString("0.###", CultureInfo.InvariantCulture),
                    ["memory"] = $"{(instance.MemoryGib * 1024).ToString("0", CultureInfo.InvariantCulture)}M",
                },
            };
        }

        service["deploy"] = deploy;
        return Head(sweep) + YamlText.Of(new JsonObject { ["services"] = new JsonObject { [sweep.Name] = service } });
    }

    private static string Env(Sweep sweep, Candidate candidate)
    {
        var text = new StringBuilder(Head(sweep));
        foreach (var (name, value) in ServingParts.Of(sweep, candidate).Environment)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}={Quoted(value)}\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"{CandidateMark.Variable}='{CandidateMark.Of(candidate).Replace("'", "''", StringComparison.Ordinal)}'\n").ToString();
    }

    private static string Quoted(string value) => value.All(character => char.IsAsciiLetterOrDigit(character) || "_-./:=,+@%".Contains(character, StringComparison.Ordinal))
        ? value
        : $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
