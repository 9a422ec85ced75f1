using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tuner.Core.Loads;
using Tuner.Core.Planning;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Argo.Rendering;

/// <summary>The templates of a trial's Workflow. One resource step for each object: with an owner reference, the controller applies one document only.</summary>
internal sealed class WorkflowSteps(Sweep sweep, Target.Argo target, Trial trial, TrialNames names, Func<string, string?> lookup)
{
    /// <summary>
    /// Argo hands a step to its pod in an environment variable of at most 131,072 bytes. What is longer it would put into a
    /// ConfigMap, which its controller may not create as it is usually installed.
    /// </summary>
    internal const int LongestText = 100_000;

    internal static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public required IReadOnlyList<JsonObject> Deploy { get; init; }

    public required string? Service { get; init; }

    /// <summary>Takes what the Workflow must not show.</summary>
    public required TrialSecrets Secrets { get; init; }

    /// <summary>The patch that restores what <see cref="Deploy"/> patched; null where it creates.</summary>
    public JsonObject? Restore { get; init; }

    public JsonArray Templates()
    {
        var templates = new JsonArray(Trial(), Teardown());
        foreach (var (index, document) in Deploy.Index())
        {
            templates.Add(Restore is null ? Apply(index, document) : Patch($"deploy-{index}", document));
            templates.Add(Restore is null ? Delete(index, document) : Patch($"remove-{index}", Restore));
        }

        return templates;
    }

    private JsonObject Trial() => new()
    {
        ["name"] = "trial",
        ["steps"] = new JsonArray(
            new JsonArray([.. Deploy.Select((_, index) => new JsonObject { ["name"] = $"deploy-{index}", ["template"] = $"deploy-{index}" })]),
            new JsonArray(Step(TrialWorkflow.ReadyStep, TrialWorkflow.ReadyStep, ReadyParameters(), null)),
            new JsonArray(LoadStep())),
    };

    private JsonObject Teardown() => new()
    {
        ["name"] = "teardown",
        ["steps"] = new JsonArray(new JsonArray([.. Deploy.Select((_, index) => new JsonObject { ["name"] = $"remove-{index}", ["template"] = $"remove-{index}" })])),
    };

    private JsonObject Apply(int index, JsonObject document) => new()
    {
        ["name"] = $"deploy-{index}",
        ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["tuner/object"] = Reference(document) } },
        ["resource"] = new JsonObject { ["action"] = "apply", ["setOwnerReference"] = true, ["manifest"] = Short(document, YamlText.Of(document)) },
    };

    private static string Short(JsonObject document, string text) => text.Length <= LongestText
        ? text
        : throw new RenderingException($"{document.Text("kind")} '{document.Text("metadata", "name")}' has {text.Length:N0} characters, more than the {LongestText:N0} that a step of Argo carries. Create it once, outside of the sweep, and refer to it.");

    private JsonObject Patch(string name, JsonObject document) => new()
    {
        ["name"] = name,
        ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["tuner/object"] = Reference(document) } },
        ["resource"] = new JsonObject { ["action"] = "patch", ["mergeStrategy"] = "merge", ["manifest"] = document.ToJsonString(Relaxed) },
    };

    private static JsonObject Delete(int index, JsonObject document) => new()
    {
        ["name"] = $"remove-{index}",
        ["resource"] = new JsonObject { ["action"] = "delete", ["flags"] = new JsonArray(ResourceWord(document), document.Text("metadata", "name")) },
    };

    private JsonObject LoadStep()
    {
        var order = Secrets.Hide(new PackedLoad
        {
            Profile = sweep.LoadOf(trial.Candidate),
            Warmup = sweep.Measurement.Warmup,

            // Every trial draws its own arrivals: repeats of one candidate must differ by chance as real traffic does.
            Seed = ((ulong)(uint)sweep.Search.Seed << 32) | (uint)trial.Number,
            Reported = sweep.Reported,
            EarlyEnd = sweep.Measurement.EarlyAbort ? EarlyEnd() : null,
        });
        var pods = target.Load.Pods;
        var parameters = Parameters(
            ("targets", $"{{{{steps.{TrialWorkflow.ReadyStep}.outputs.parameters.targets}}}}"),
            ("trial", names.Workflow));
        if (pods > 1)
        {
            parameters.Add(Parameter("start", $"{{{{steps.{TrialWorkflow.ReadyStep}.outputs.parameters.start}}}}"));
            parameters.Add(Parameter("share", $"{{{{item}}}}/{pods}"));
        }

        if (target.Load.Url is not null)
        {
            // Behind one address a balancer spreads connections, not requests.
            parameters.Add(Parameter("rotate", "true"));
        }

        var step = Step(TrialWorkflow.LoadStep, target.Artifact ? TrialWorkflow.KeptLoad : TrialWorkflow.LoadStep, parameters, new JsonArray(new JsonObject { ["name"] = "order", ["raw"] = new JsonObject { ["data"] = Secrets.Carry(order) } }));
        if (pods > 1)
        {
            step["withSequence"] = new JsonObject { ["count"] = pods.ToString(CultureInfo.InvariantCulture) };
        }

        return step;
    }

    private PackedEarlyEnd EarlyEnd()
    {
        var early = Screening.EarlyEndOf(sweep, trial);
        return new PackedEarlyEnd([.. sweep.Slos.Select(slo => slo.Text)], early.Plan.Confidence, early.Plan.Looks, early.GoodToo, early.HopelessStrictness);
    }

    private JsonArray ReadyParameters()
    {
        if (target.Readiness.Path is { } asked && SecretAddresses.Hold(asked))
        {
            throw new RenderingException("target.argo.readiness.path holds a key among its parameters, where whoever may read Workflows sees it. Ask a path that needs none.");
        }

        var parameters = Parameters(
            ("objects", string.Join(' ', Deploy.Select(Reference))),
            ("timeout", $"{target.Readiness.Timeout.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)}s"));
        foreach (var (name, value) in new (string, string?)[]
        {
            ("service", Service),
            ("port", target.Load.Port?.ToString(CultureInfo.InvariantCulture)),
            ("url", target.Load.Url?.Render(lookup)),
            ("path", target.Readiness.Path),
            ("condition", target.Readiness.Condition),
            ("replicas", Service is not null && Deploy.Any(PodPlaces.HasSelector) ? target.Replicas.Render(lookup) : null),
            ("pods", target.Load.Pods > 1 ? target.Load.Pods.ToString(CultureInfo.InvariantCulture) : null),
        })
        {
            if (value is not null)
            {
                parameters.Add(Parameter(name, value));
            }
        }

        return parameters;
    }

    private JsonObject Step(string name, string template, JsonArray parameters, JsonArray? artifacts)
    {
        if (target.Load.Image is { } image)
        {
            parameters.Insert(0, Parameter("image", image));
        }

        var arguments = new JsonObject { ["parameters"] = parameters };
        if (artifacts is not null)
        {
            arguments["artifacts"] = artifacts;
        }

        return new JsonObject
        {
            ["name"] = name,
            ["templateRef"] = new JsonObject { ["name"] = TrialWorkflow.Template, ["template"] = template },
            ["arguments"] = arguments,
        };
    }

    /// <summary>The object as the ready step takes it: <c>apps/v1/Deployment/NAME</c>.</summary>
    internal static string Reference(JsonObject document) => $"{document.Text("apiVersion")}/{document.Text("kind")}/{document.Text("metadata", "name")}";

    /// <summary>The object's kind as kubectl takes it: <c>deployment.apps</c>, <c>service</c>.</summary>
    internal static string ResourceWord(JsonObject document)
    {
        var kind = document.Text("kind")!.ToLowerInvariant();
        return document.Text("apiVersion")!.Split('/') is [var group, _] ? $"{kind}.{group}" : kind;
    }

    private static JsonArray Parameters(params ReadOnlySpan<(string Name, string Value)> parameters)
    {
        var result = new JsonArray();
        foreach (var (name, value) in parameters)
        {
            result.Add(Parameter(name, value));
        }

        return result;
    }

    private static JsonObject Parameter(string name, string value) => new() { ["name"] = name, ["value"] = value };
}
