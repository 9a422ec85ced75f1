using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Tuner.Core.Loads;
using Tuner.Core.Measurements;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;

namespace Tuner.Core.Definitions;

/// <summary>Reads a target on Kubernetes, with the manifest or patch that it names.</summary>
internal static partial class ArgoBinding
{
    public static Target.Argo? Read(Section section, ImmutableArray<Parameter> parameters, string[] known, SweepInputs inputs)
    {
        var place = section.Text("namespace") ?? "";
        if (section.Has("namespace") && !Label().IsMatch(place))
        {
            section.Error("namespace", $"'{place}' is no name of a namespace. Write at most 63 lower-case letters, digits and dashes.");
        }

        ArgoSource? source = section.Has("manifest") ? Manifest(section, place, known, inputs) : section.Has("existing") ? Existing(section.Sub("existing"), place, known, inputs) : null;
        var replicas = section.Has("replicas") || parameters.Any(parameter => parameter.Name == "replicas")
            ? TargetBinding.Replicas(section, parameters, known)
            : Template.Parse(WrittenReplicas(source) ?? "1");
        var environment = Templates(section, "env", known);
        foreach (var (key, _, where) in section.Scalars("env").Where(item => item.Key.Length == 0 || item.Key.Contains('=', StringComparison.Ordinal)))
        {
            section.Problems.Error(where, $"'{key}' is no name of an environment variable.");
        }

        var readiness = Readiness(section.Sub("readiness"));
        var load = Load(section, section.Sub("load"), source, known);
        if (section.Sub("load").Integer("pods") > 1 && source is ArgoSource.Existing { InPlace: true })
        {
            section.Sub("load").Error("pods", "goes with candidates of their own, and existing.inPlace changes the one there is. Remove one of them.");
        }

        var account = section.Text("serviceAccount");
        return source is null || replicas is null || readiness is null || load is null || account is null || section.Text("nodeLabel") is not { } label ? null : new Target.Argo
        {
            Namespace = place,
            Source = source,
            Replicas = replicas,
            WritesReplicas = section.Has("replicas") || (replicas.Names is [var knob] && !Documents(source).Any(document => document.Placeholders.Contains(knob))),
            Container = section.Text("container"),
            Environment = environment,
            Arguments = [.. section.Scalars("args").Select(item => TargetBinding.Checked(item.Value.Text, item.Place, known, section.Problems))],
            Resources = Templates(section, "resources", known),
            Instances = Instances(section, parameters),
            NodeLabel = label is "none" ? "" : label,
            Readiness = readiness,
            Load = load,
            ServiceAccount = account,
            InstanceId = InstanceId(section),
            Artifact = section.Flag("artifact") is true,
        };
    }

    /// <summary>What a Workflow cannot hand back, however coarse, is refused before it runs.</summary>
    public static void FitsWorkflow(Section root, Target.Argo argo, LoadProfile load)
    {
        var longest = argo.Artifact ? MeasurementPack.LongestArtifact : MeasurementPack.LongestLoad;
        if (load.Duration > longest)
        {
            root.Error("load", $"takes {load.Duration.TotalHours:0.#} h, and what a Workflow hands back holds {longest.TotalHours:0} h of it. Shorten the phases{(argo.Artifact ? "" : ", or set target.argo.artifact: true, where the cluster has an artifact repository")}.");
        }
    }

    /// <summary>The names of all placeholders in the target.</summary>
    public static IEnumerable<string> Placeholders(Target.Argo argo) =>
    [
        .. argo.Source switch
        {
            ArgoSource.Manifest manifest => manifest.Documents.SelectMany(document => document.Placeholders),
            ArgoSource.Existing existing => existing.Patch?.Placeholders ?? [],
            _ => [],
        },
        .. argo.Environment.Concat(argo.Resources).Select(pair => pair.Value).Concat(argo.Arguments).Append(argo.Replicas).SelectMany(template => template.Names),
        .. argo.Load.Url?.Names ?? [],
    ];

    private static ImmutableArray<ManifestDocument> Documents(ArgoSource source) => source switch
    {
        ArgoSource.Manifest manifest => manifest.Documents,
        ArgoSource.Existing { Patch: { } patch } => [patch],
        _ => [],
    };

    /// <summary>What the manifest's only workload says itself, so that its price counts every replica.</summary>
    private static string? WrittenReplicas(ArgoSource? source)
    {
        var written = source is null ? [] : Documents(source)
            .Select(document => document.Content.Find("spec")?.Value is MappingNode spec ? ManifestCheck.Text(spec, "replicas") : null)
            .OfType<string>().ToArray();
        return written is [var only] ? only : null;
    }

    private static ArgoSource.Manifest? Manifest(Section section, string place, string[] known, SweepInputs inputs)
    {
        if (section.Text("manifest") is not { } file)
        {
            return null;
        }

        var documents = ManifestReading.Read(file, section.At("manifest"), inputs, known, section.Problems);
        ManifestCheck.Check(documents, place, section.At("manifest"), section.Problems);
        return documents.IsEmpty ? null : new ArgoSource.Manifest(documents);
    }

    private static ArgoSource.Existing? Existing(Section section, string place, string[] known, SweepInputs inputs)
    {
        if (section.Text("name") is not { } name || section.Text("kind") is not { } kind || section.Text("apiVersion") is not { } version || section.Flag("inPlace") is not { } inPlace)
        {
            return null;
        }

        ManifestDocument? patch = null;
        if (section.Text("patch") is { } file)
        {
            var documents = ManifestReading.Read(file, section.At("patch"), inputs, known, section.Problems);
            patch = documents.FirstOrDefault();
            if (documents.Length > 1)
            {
                section.Error("patch", $"'{file}' holds {documents.Length} documents. Write one, with what changes of {kind} '{name}'.");
            }

            foreach (var key in new[] { "kind", "apiVersion" }.Where(key => patch is not null && ManifestCheck.Text(patch.Content, key) is { } other && other != (key == "kind" ? kind : version)))
            {
                section.Error("patch", $"'{file}' is a patch of {key} '{ManifestCheck.Text(patch!.Content, key)}', and the object is of {key} '{(key == "kind" ? kind : version)}'. Make them the same.");
            }

            if (patch?.Content.Find("metadata")?.Value is MappingNode metadata && ManifestCheck.Text(metadata, "namespace") is { } other && other != place)
            {
                section.Error("patch", $"'{file}' names the namespace '{other}', and the sweep's is '{place}'. Remove it.");
            }
        }

        return new ArgoSource.Existing(version, kind, name) { Patch = patch, InPlace = inPlace };
    }

    private static ArgoReadiness? Readiness(Section section)
    {
        var path = section.Text("path");
        TargetBinding.RequirePath(section, "path", path);
        var timeout = section.Duration("timeout");
        if (timeout < TimeSpan.FromSeconds(1))
        {
            section.Error("timeout", "is shorter than a second, so that nothing could ever be ready. Write for example 5m.");
        }

        return timeout is { } limit ? new ArgoReadiness(section.Text("condition"), path, limit) : null;
    }

    private static ArgoLoad? Load(Section argo, Section section, ArgoSource? source, string[] known)
    {
        if (section.Has("url") && (section.Has("service") || section.Has("port")))
        {
            section.Error("url", "does not go with service and port. Keep one of them.");
        }

        if (section.Text("url") is { } url)
        {
            if (!Uri.TryCreate(url.Replace("{{", "", StringComparison.Ordinal).Replace("}}", "", StringComparison.Ordinal), UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            {
                section.Error("url", $"'{url}' is no address. Write it like http://model-{{{{tuner.suffix}}}}.{argo.Text("namespace")}.svc:8080.");
            }
            else if (uri.PathAndQuery != "/" || uri.UserInfo.Length > 0)
            {
                section.Error("url", uri.UserInfo.Length > 0 ? "holds a user name. Send credentials as a header of load.request." : "has a path. Write the path under load.request.path.");
            }
        }

        var service = section.Text("service") ?? OnlyService(source);
        if (service is null && !section.Has("url") && source is not null)
        {
            argo.Error("load", "is missing: there is no single Service to send the load to. Write load: { service: NAME }, or load: { url: http://… }.");
        }

        return section.Integer("pods") is not { } pods ? null : new ArgoLoad
        {
            Service = section.Has("url") ? null : service,
            Port = (int?)section.Integer("port"),
            Url = section.Text("url") is { } address ? TargetBinding.Checked(address, section.At("url"), known, section.Problems) : null,
            Pods = (int)pods,
            Image = section.Text("image"),
        };
    }

    private static string? OnlyService(ArgoSource? source)
    {
        var services = source is ArgoSource.Manifest manifest
            ? manifest.Documents.Where(document => ManifestCheck.Text(document.Content, "kind") is "Service" && ManifestCheck.Text(document.Content, "apiVersion") is "v1").ToArray()
            : [];
        return services is [var only] && only.Content.Find("metadata")?.Value is MappingNode metadata ? ManifestCheck.Text(metadata, "name") : null;
    }

    private static ImmutableSortedDictionary<string, InstancePlacement> Instances(Section section, ImmutableArray<Parameter> parameters)
    {
        var result = ImmutableSortedDictionary.CreateBuilder<string, InstancePlacement>(StringComparer.Ordinal);
        var types = parameters.FirstOrDefault(parameter => parameter.Name == SearchSpace.InstanceTypeParameter) is CategoricalParameter categorical ? categorical.Values.Select(value => value.Text).ToArray() : null;
        foreach (var (name, item) in section.Sections("instances"))
        {
            if (types?.Contains(name) is false)
            {
                section.Problems.Error(item.Here, $"'{name}' is no instance type of this sweep. {Spelling.Hint(name, types)}");
            }

            result[name] = new InstancePlacement(
                item.Scalars("nodeSelector").ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value.Text, StringComparer.Ordinal),
                [.. item.Sections("tolerations").Select(pair => new Toleration(pair.Section.Text("key"), pair.Section.Text("operator") ?? "Equal", pair.Section.Text("value"), pair.Section.Text("effect")))]);
        }

        return result.ToImmutable();
    }

    private static string? InstanceId(Section section)
    {
        var text = section.Text("instanceId");
        if (text is not null && !Label().IsMatch(text))
        {
            section.Error("instanceId", $"'{text}' is no instance ID. Write at most 63 lower-case letters, digits and dashes, as the controller's configuration has it.");
        }

        return text;
    }

    private static ImmutableArray<KeyValuePair<string, Template>> Templates(Section section, string key, string[] known) =>
        [.. section.Scalars(key).Select(item => KeyValuePair.Create(item.Key, TargetBinding.Checked(item.Value.Text, item.Place, known, section.Problems)))];

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Label();
}
