using System.Text.Json.Nodes;

namespace Tuner.Argo.Rendering;

/// <summary>Where an object holds the pods that it makes: their spec, and the labels they get (null where the kind passes its own on).</summary>
internal sealed record PodPlace(JsonObject Spec, JsonObject? Metadata)
{
    /// <summary>The containers, and what stands for one in a KServe predictor (<c>model</c>).</summary>
    public IEnumerable<JsonObject> Containers => Spec["model"] is JsonObject model ? [model, .. Spec.Objects("containers")] : Spec.Objects("containers");
}

/// <summary>Finds the pods in the kinds that Tuner knows, and in any kind that is built like a Deployment.</summary>
internal static class PodPlaces
{
    public static IEnumerable<PodPlace> Of(JsonObject document)
    {
        if (document["spec"] is not JsonObject spec)
        {
            yield break;
        }

        switch (document.Text("kind"))
        {
            case "Pod":
                yield return new PodPlace(spec, document.Child("metadata"));
                break;
            case "InferenceService":
                foreach (var part in new[] { "predictor", "transformer", "explainer" }.Select(name => spec[name]).OfType<JsonObject>())
                {
                    yield return new PodPlace(part, null);
                }

                break;
            case "SeldonDeployment":
                foreach (var component in spec.Objects("predictors").SelectMany(predictor => predictor.Objects("componentSpecs")))
                {
                    if (component["spec"] is JsonObject pods)
                    {
                        yield return new PodPlace(pods, component.Child("metadata"));
                    }
                }

                break;
            default:
                if (spec["template"] is JsonObject template && template["spec"] is JsonObject templateSpec && templateSpec["containers"] is JsonArray)
                {
                    yield return new PodPlace(templateSpec, template.Child("metadata"));
                }

                break;
        }
    }

    /// <summary>Whether Kubernetes itself makes pods from it, with a selector over their labels.</summary>
    public static bool HasSelector(JsonObject document) => document.Text("kind") is "Deployment" or "StatefulSet" or "ReplicaSet" or "DaemonSet" or "Rollout";
}
