using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Tuner.Core.Loads;
using Tuner.Core.Measurements;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Argo.Rendering;

/// <summary>
/// The Workflow of one trial: deploy, wait until it is ready, load, and take everything away on exit. Pure: the same
/// sweep, trial and objects give the same Workflow.
/// </summary>
public sealed record TrialWorkflow
{
    /// <summary>The owner of what is only looked at.</summary>
    public const string Viewer = "plan";

    /// <summary>The installed WorkflowTemplate that holds the steps which run Tuner itself.</summary>
    public const string Template = "tuner-trial";

    public const string ReadyStep = "ready";

    public const string LoadStep = "load";

    /// <summary>The template of a load step that keeps the whole measurement as an artifact too.</summary>
    public const string KeptLoad = "load-artifact";

    /// <summary>That artifact's name.</summary>
    public const string MeasurementArtifact = "measurement";

    /// <summary>The load step's output parameter with the packed measurement.</summary>
    public const string MeasurementParameter = "measurement";

    /// <summary>All parameters that a long measurement is spread over, in order.</summary>
    public static readonly ImmutableArray<string> MeasurementParameters = [MeasurementParameter, .. Enumerable.Range(1, MeasurementPack.MaxPieces - 1).Select(index => $"{MeasurementParameter}-{index.ToString(CultureInfo.InvariantCulture)}")];

    private const int KeptFor = 86_400;
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(5);

    private TrialWorkflow()
    {
    }

    public required string Name { get; init; }

    public required string Namespace { get; init; }

    public required JsonObject Manifest { get; init; }

    /// <summary>The candidate's objects, in the order they are applied.</summary>
    public required ImmutableArray<JsonObject> Objects { get; init; }

    /// <summary>What the Workflow refers to and does not show; null where there is nothing secret. Belongs to the Workflow, once that exists.</summary>
    public JsonObject? Secret { get; init; }

    /// <summary>What the Workflow patches and restores, where the candidate is an object that stays; null otherwise.</summary>
    public InPlaceChange? Change { get; init; }

    /// <summary>What the first trial of a candidate would be, for those who only look at it.</summary>
    /// <exception cref="RenderingException">As of <see cref="Of"/>.</exception>
    public static TrialWorkflow OfFirst(Sweep sweep, Candidate candidate) => Of(
        sweep,
        new Trial
        {
            Id = new TrialId($"{sweep.Name}-1"),
            Number = 1,
            Candidate = candidate,
            Purpose = TrialPurpose.Search,
            State = new TrialState.Pending(),
            CreatedAt = DateTimeOffset.UnixEpoch,
            ChangedAt = DateTimeOffset.UnixEpoch,
        },
        Viewer);

    /// <param name="owner">The installation of Tuner, so that another one leaves the Workflow alone.</param>
    /// <param name="existing">The object that the candidate is a variant of, where the sweep names one.</param>
    /// <exception cref="RenderingException">The objects lack what the target asks for; the message holds the cure.</exception>
    public static TrialWorkflow Of(Sweep sweep, Trial trial, string owner, ExistingObject? existing = null)
    {
        var target = (Target.Argo)sweep.Target;
        var names = TrialNames.Of(trial.Id);
        var labels = Labels(sweep, names, owner);
        string? Lookup(string name) => CandidateObjects.Value(sweep.Space, trial.Candidate, names, name);
        var patch = target.Source is ArgoSource.Existing { Patch: { } written } ? ManifestJson.Render(written, Lookup) : null;
        var (documents, change) = target.Source switch
        {
            ArgoSource.Manifest manifest => (manifest.Documents.Select(document => ManifestJson.Render(document, Lookup)).ToArray(), null),
            ArgoSource.Existing { InPlace: false } source => (Known(existing, source).Copy(target, source, patch), null),
            ArgoSource.Existing source => ((IReadOnlyList<JsonObject>)[], InPlaceChange.Of(sweep, trial.Candidate, names, labels, Known(existing, source).InPlace(patch), existing!)),
            _ => throw new InvalidOperationException($"Unknown source {target.Source.GetType().Name}."),
        };
        var objects = change is null ? CandidateObjects.Of(target, sweep.Space, trial.Candidate, names, labels, documents) : null;
        if (change is not null && SecretPlace.In(change.Back).FirstOrDefault() is { } clear)
        {
            throw new RenderingException($"{change.Kind} '{change.Name}' holds {clear.Name} in clear, and what restores it would show that to whoever may read Workflows. "
                + "Move it into a Secret and refer to it (valueFrom.secretKeyRef), or leave out target.argo.existing.inPlace.");
        }

        var secrets = new TrialSecrets(names);
        foreach (var document in objects?.Documents ?? [change!.Forward])
        {
            secrets.Hide(document);
            ClearSecrets.Refuse(document);
        }

        if (change is not null)
        {
            ClearSecrets.Refuse(change.Back);
        }

        RefuseBraces(objects?.Documents ?? [change!.Forward], target);
        var build = new WorkflowSteps(sweep, target, trial, names, Lookup)
        {
            Deploy = objects is null ? [change!.Forward] : objects.Documents,
            Service = objects is null ? target.Load.Service : objects.Service,
            Restore = change?.Back,
            Secrets = secrets,
        };
        var templates = build.Templates();
        var secret = secrets.Manifest(target.Namespace, labels);
        return new TrialWorkflow
        {
            Name = names.Workflow,
            Namespace = target.Namespace,
            Objects = objects?.Documents ?? [],
            Change = change,
            Secret = secret,
            Manifest = new JsonObject
            {
                ["apiVersion"] = "argoproj.io/v1alpha1",
                ["kind"] = "Workflow",
                ["metadata"] = new JsonObject
                {
                    ["name"] = names.Workflow,
                    ["namespace"] = target.Namespace,
                    ["labels"] = Json(target.InstanceId is { } controller ? labels.Add(TunerLabels.ControllerInstance, controller) : labels),
                    ["annotations"] = new JsonObject { [TunerLabels.TrialId] = trial.Id.Value, [TunerLabels.CandidateKey] = trial.Candidate.Key, [TunerLabels.HasSecret] = secret is null ? "false" : "true" },
                },
                ["spec"] = new JsonObject
                {
                    ["entrypoint"] = "trial",
                    ["onExit"] = "teardown",
                    ["serviceAccountName"] = target.ServiceAccount,
                    ["activeDeadlineSeconds"] = (long)Math.Ceiling(Deadline(sweep, target).TotalSeconds),

                    // Namespaces whose pods are held to the restricted standard ask it of every container, Argo's own too.
                    ["securityContext"] = new JsonObject { ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" } },
                    ["podGC"] = new JsonObject { ["strategy"] = "OnWorkflowSuccess" },
                    ["ttlStrategy"] = Kept(),
                    ["podMetadata"] = new JsonObject { ["labels"] = Json(labels.Add(TunerLabels.Role, TunerLabels.Step)) },
                    ["templates"] = templates,
                },
            },
        };
    }

    /// <summary>The longest that the Workflow may run; after that Argo ends it.</summary>
    public static TimeSpan Deadline(Sweep sweep, Target.Argo target) =>
        target.Readiness.Timeout + sweep.Measurement.Warmup + sweep.Load.Duration + sweep.Load.Timeout + Slack;

    /// <summary>All three, since a controller's defaults fill in what is not said, and the shorter one counts.</summary>
    private static JsonObject Kept() => new() { ["secondsAfterCompletion"] = KeptFor, ["secondsAfterSuccess"] = KeptFor, ["secondsAfterFailure"] = KeptFor };

    internal static JsonObject Json(IEnumerable<KeyValuePair<string, string>> texts) => new(texts.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)JsonValue.Create(pair.Value))));

    private static ImmutableSortedDictionary<string, string> Labels(Sweep sweep, TrialNames names, string owner) => ImmutableSortedDictionary<string, string>.Empty
        .Add(TunerLabels.ManagedBy, "tuner")
        .Add(TunerLabels.Owner, owner)
        .Add(TunerLabels.Sweep, sweep.Name)
        .Add(TunerLabels.Trial, names.Workflow);

    private static ExistingObject Known(ExistingObject? existing, ArgoSource.Existing source) =>
        existing ?? throw new RenderingException($"{source.Kind} '{source.Name}' has to be read from the cluster before its candidates can be shown.");

    /// <summary>Argo would take what is left of double braces for its own placeholders.</summary>
    private static void RefuseBraces(IEnumerable<JsonObject> documents, Target.Argo target)
    {
        foreach (var document in documents)
        {
            var text = document.ToJsonString(WorkflowSteps.Relaxed);
            var at = text.IndexOf("{{", StringComparison.Ordinal);
            if (at >= 0)
            {
                throw new RenderingException($"{document.Text("kind")} '{document.Text("metadata", "name")}' holds '{text.Substring(at, Math.Min(40, text.Length - at))}', and Argo would take the double braces for a placeholder of its own. "
                    + $"Put that text into a ConfigMap of namespace '{target.Namespace}', outside of the sweep, and refer to it.");
            }
        }
    }
}
