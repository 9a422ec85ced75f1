using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Tuner.Core.Loads;
using Tuner.Core.Sweeps;

namespace Tuner.Argo.Rendering;

/// <summary>
/// What a trial keeps out of its Workflow, which many people may read: values of variables, options and headers whose name
/// says that they are secret. They travel in a Secret of the trial's own, which its Workflow owns.
/// </summary>
internal sealed class TrialSecrets(TrialNames names)
{
    /// <summary>Kubernetes takes Secrets of 1 MiB.</summary>
    private const int LongestSecret = 900_000;

    private readonly SortedDictionary<string, string> values = new(StringComparer.Ordinal);

    /// <summary>
    /// What the load step carries in its Workflow: the load, or a dash where it is too long for that (recorded arrivals,
    /// large bodies) or holds a secret in its path or bodies, and travels as a file of the Secret.
    /// </summary>
    /// <exception cref="RenderingException">It is too long for a Secret too.</exception>
    public string Carry(PackedLoad order)
    {
        var load = order.ToText();
        if (load.Length <= WorkflowSteps.LongestText && !IsSecret(order))
        {
            return load;
        }

        if (load.Length > LongestSecret)
        {
            throw new RenderingException($"The load has {load.Length:N0} characters packed, more than the {LongestSecret:N0} that reach a load pod. Use fewer or smaller bodies (load.request), or a shorter recording of arrivals.");
        }

        values[PackedLoad.OrderFile] = load;
        return PackedLoad.Elsewhere;
    }

    // Most services take bodies as JSON: the names in it tell, as those of headers do.
    private static bool IsSecret(PackedLoad order) =>
        order.Reported.Any(number => SecretAddresses.Hold(number.Path))
        || SecretAddresses.Hold(order.Profile.Request.Path)
        || order.Profile.Request.Bodies.Any(body => ClearSecrets.InSettings(Encoding.UTF8.GetString(body.Content.Span)) || SecretAddresses.Hold(Encoding.UTF8.GetString(body.Content.Span)));

    /// <summary>The load without its secret headers, whose names it keeps; their values are files of the load pod.</summary>
    public PackedLoad Hide(PackedLoad load)
    {
        var hidden = load.Profile.Request.Headers.Where(header => SecretNames.Contain(header.Key)).ToImmutableArray();
        foreach (var (index, header) in hidden.Index())
        {
            values[PackedLoad.SecretFile(index)] = header.Value;
        }

        return hidden.IsEmpty ? load : load with
        {
            Profile = load.Profile with { Request = load.Profile.Request with { Headers = [.. load.Profile.Request.Headers.Except(hidden)] } },
            SecretHeaders = [.. hidden.Select(header => header.Key)],
        };
    }

    /// <summary>Lets secret variables and options of the object's containers refer to the Secret.</summary>
    public void Hide(JsonObject document)
    {
        foreach (var place in SecretPlace.In(document))
        {
            var number = values.Count.ToString(CultureInfo.InvariantCulture);
            values[$"env.{number}"] = place.Value;
            place.Refer($"TUNER_SECRET_{number}", new JsonObject { ["secretKeyRef"] = new JsonObject { ["name"] = names.Workflow, ["key"] = $"env.{number}" } });
        }
    }

    /// <summary>The Secret; null where there is nothing to hide.</summary>
    public JsonObject? Manifest(string place, ImmutableSortedDictionary<string, string> labels) => values.Count == 0 ? null : new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Secret",
        ["metadata"] = new JsonObject { ["name"] = names.Workflow, ["namespace"] = place, ["labels"] = TrialWorkflow.Json(labels) },
        ["stringData"] = TrialWorkflow.Json(values),
    };
}
