using System.Text.Json.Nodes;
using Tuner.Core.Trials;

namespace Tuner.Argo.Trials;

/// <summary>
/// What keeps a pod of the trial's own steps from ever beginning. Argo waits for such a pod until the deadline; the
/// candidate has no part in it. Pure.
/// </summary>
internal static class StepDiagnosis
{
    /// <param name="steps">The pods of the Workflow's steps.</param>
    /// <param name="healing">How long what may heal by itself may stay.</param>
    public static PodDiagnosis? Of(IEnumerable<JsonObject> steps, TimeSpan healing) =>
        PodDiagnosis.Of(steps, before: null, healing) is { End: TrialState.CandidateFailed failed } found && failed.Kind is FailureKind.ImageNotPulled or FailureKind.CannotStart
            ? found with { End = new TrialState.Invalid($"A step of the trial cannot begin (pod {found.Pod}). {failed.Reason}{Cure(found)}", null) }
            : null;

    private static string Cure(PodDiagnosis found) => found.Container is "main"
        ? " The image of Tuner's steps is target.argo.load.image, or the one that 'tuner argo install --image' wrote into the template."
        : " That container is Argo's own: see to its installation.";
}
