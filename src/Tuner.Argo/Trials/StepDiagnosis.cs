using System.Text.Json.Nodes;
using Tuner.Argo.Rendering;
using Tuner.Core.Trials;

namespace Tuner.Argo.Trials;

/// <summary>
/// What keeps a pod of the trial's own steps from ever beginning, or from ever ending: on a node that is lost, pods are
/// being deleted for ever. Argo waits for such a pod until the deadline; the candidate has no part in it. Pure.
/// </summary>
internal static class StepDiagnosis
{
    /// <param name="steps">The pods of the Workflow's steps.</param>
    /// <param name="status">The Workflow's own view of them.</param>
    /// <param name="healing">How long what may heal by itself may stay; longer than a deleted pod is given to end, after which Argo says itself that it is gone.</param>
    public static PodDiagnosis? Of(IReadOnlyCollection<JsonObject> steps, WorkflowStatus status, TimeSpan healing) => CannotBegin(steps, healing) ?? CannotEnd(steps, status, healing);

    private static PodDiagnosis? CannotBegin(IEnumerable<JsonObject> steps, TimeSpan healing) =>
        PodDiagnosis.Of(steps, before: null, healing) is { End: TrialState.CandidateFailed failed } found && failed.Kind is FailureKind.ImageNotPulled or FailureKind.CannotStart
            ? found with { End = new TrialState.Invalid($"A step of the trial cannot begin (pod {found.Pod}). {failed.Reason}{Cure(found)}", null) }
            : null;

    private static PodDiagnosis? CannotEnd(IEnumerable<JsonObject> steps, WorkflowStatus status, TimeSpan healing) => steps
        .Where(pod => pod.Text("metadata", "deletionTimestamp") is not null && pod.Text("status", "phase") is "Running" or "Pending")
        .Select(pod => (Pod: pod, Step: status.Nodes.FirstOrDefault(node => node.Phase is "Running" or "Pending" && node.Id == pod.Text("metadata", "annotations", "workflows.argoproj.io/node-id"))))
        .Where(found => found.Step is not null)
        .Select(found => new PodDiagnosis(
            new TrialState.Interrupted($"The {found.Step!.Name} step was taken away: its pod {found.Pod.Text("metadata", "name")} on node {found.Pod.Text("spec", "nodeName") ?? "(none)"} is being deleted and does not end. Nodes that are lost do that; 'kubectl get nodes' tells."),
            healing,
            null,
            null,
            false))
        .FirstOrDefault();

    private static string Cure(PodDiagnosis found) => found.Container is "main"
        ? " The image of Tuner's steps is target.argo.load.image, or the one that 'tuner argo install --image' wrote into the template."
        : " That container is Argo's own: see to its installation.";
}
