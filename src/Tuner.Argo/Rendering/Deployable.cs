using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Argo.Rendering;

/// <summary>A candidate's objects as people deploy them: under their own names, without what belongs to a trial.</summary>
public static class Deployable
{
    /// <exception cref="RenderingException">The objects lack what the target asks for.</exception>
    public static IReadOnlyList<JsonObject> Of(Sweep sweep, Candidate candidate)
    {
        var target = (Target.Argo)sweep.Target;
        var names = TrialNames.Of(new TrialId("export"));
        string? Lookup(string name) => CandidateObjects.Value(sweep.Space, candidate, names, name);
        JsonObject[] documents = target.Source switch
        {
            ArgoSource.Manifest manifest => [.. manifest.Documents.Select(document => ManifestJson.Render(document, Lookup))],
            ArgoSource.Existing { Patch: { } patch } existing => [Identified(ManifestJson.Render(patch, Lookup), existing)],
            ArgoSource.Existing existing => [Identified([], existing)],
            _ => [],
        };
        var originals = documents.Select(document => (Metadata: document["metadata"]!.DeepClone(), Selector: document.At("spec", "selector")?.DeepClone(), Labels: PodPlaces.Of(document).Select(pods => pods.Metadata.At("labels")?.DeepClone()).ToArray())).ToArray();
        CandidateObjects.Fill(target, sweep.Space, candidate, names, documents);
        foreach (var (document, original) in documents.Zip(originals))
        {
            document["metadata"] = original.Metadata;
        }

        return documents;
    }

    /// <summary>Whether pods come from it: what there is to patch.</summary>
    public static bool HasPods(JsonObject document) => PodPlaces.Of(document).Any() || document.At("spec", "template") is not null;

    private static JsonObject Identified(JsonObject patch, ArgoSource.Existing existing)
    {
        patch["apiVersion"] = existing.ApiVersion;
        patch["kind"] = existing.Kind;
        patch.Child("metadata")["name"] = existing.Name;
        return patch;
    }
}
