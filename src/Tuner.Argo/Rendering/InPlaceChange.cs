using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;

namespace Tuner.Argo.Rendering;

/// <summary>
/// A candidate that is an object where it is: the patch that makes it the candidate, and the one that undoes exactly that.
/// Both are JSON merge patches that also name the object.
/// </summary>
public sealed record InPlaceChange(JsonObject Forward, JsonObject Back)
{
    public string Kind => Forward.Text("kind")!;

    public string ApiVersion => Forward.Text("apiVersion")!;

    public string Name => Forward.Text("metadata", "name")!;

    internal static InPlaceChange Of(Sweep sweep, Candidate candidate, TrialNames names, ImmutableSortedDictionary<string, string> labels, JsonObject patched, ExistingObject existing)
    {
        var target = (Target.Argo)sweep.Target;
        var before = ExistingObject.Clean(existing.Object);
        var selectors = patched.At("spec", "selector")?.DeepClone();
        var name = before.Text("metadata", "name")!;
        CandidateObjects.Of(target with { Load = target.Load with { Service = null } }, sweep.Space, candidate, names, labels, [patched]);

        // It stays the object it is: its name and labels, and what its selector chooses; its pods are marked as the trial's.
        patched["metadata"] = before["metadata"]!.DeepClone();
        if (selectors is not null)
        {
            patched["spec"]!["selector"] = selectors;
        }

        return new InPlaceChange(Named(ObjectMerge.Difference(before, patched), before, name), Named(ObjectMerge.Difference(patched, before), before, name));
    }

    private static JsonObject Named(JsonNode? difference, JsonObject whole, string name)
    {
        var patch = new JsonObject
        {
            ["apiVersion"] = whole.Text("apiVersion"),
            ["kind"] = whole.Text("kind"),
            ["metadata"] = new JsonObject { ["name"] = name },
        };
        foreach (var (key, value) in (difference as JsonObject ?? []).Where(pair => pair.Key is not ("apiVersion" or "kind" or "metadata")))
        {
            patch[key] = value?.DeepClone();
        }

        return patch;
    }
}
