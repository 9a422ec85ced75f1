using System.Text.Json.Nodes;
using Tuner.Argo.Rendering;
using Tuner.Core.Trials;

namespace Tuner.Argo.Trials;

/// <summary>What is wrong with a candidate's pods. Pure.</summary>
/// <param name="End">How the trial ends because of it; the log is added later.</param>
/// <param name="Patience">How long it may stay before it counts: some of it heals, and some never does.</param>
/// <param name="Pod">The pod whose log tells more; null where there is none.</param>
internal sealed record PodDiagnosis(TrialState End, TimeSpan Patience, string? Pod, string? Container, bool Previous)
{
    /// <summary>The worst that any pod of the candidate shows; null where all is well or still coming.</summary>
    /// <param name="before">Restarts of a pod's container before the load began, by <c>POD/CONTAINER</c>; null while it has not.</param>
    /// <param name="healing">How long what may heal by itself may stay.</param>
    public static PodDiagnosis? Of(IEnumerable<JsonObject> pods, IReadOnlyDictionary<string, long>? before, TimeSpan healing) =>
        pods.Select(pod => Of(pod, before, healing)).OfType<PodDiagnosis>().MinBy(diagnosis => diagnosis.Patience);

    /// <summary>Why a pod has no node; null where it has one.</summary>
    public static string? Unschedulable(IEnumerable<JsonObject> pods) => pods
        .SelectMany(pod => pod.Objects("status", "conditions").Where(condition => condition.Text("type") is "PodScheduled" && condition.Text("status") is "False" && condition.Text("reason") is "Unschedulable")
            .Select(condition => $"Pod {pod.Text("metadata", "name")} has no node: {condition.Text("message")}"))
        .FirstOrDefault();

    /// <summary>How often each container has been restarted, by <c>POD/CONTAINER</c>.</summary>
    public static IReadOnlyDictionary<string, long> Restarts(IEnumerable<JsonObject> pods) => pods
        .SelectMany(pod => pod.Objects("status", "initContainerStatuses").Concat(pod.Objects("status", "containerStatuses")).Select(container => KeyValuePair.Create(Key(pod.Text("metadata", "name"), container), container.Whole("restartCount") ?? 0)))
        .ToDictionary(StringComparer.Ordinal);

    private static string LimitOf(JsonObject pod, JsonObject status) =>
        pod.Objects("spec", "containers").FirstOrDefault(container => container.Text("name") == status.Text("name")).Text("resources", "limits", "memory") is { } limit ? $" of {limit}" : "";

    private static string Key(string? pod, JsonObject container) => $"{pod}/{container.Text("name")}";

    private static PodDiagnosis? Of(JsonObject pod, IReadOnlyDictionary<string, long>? before, TimeSpan healing)
    {
        var name = pod.Text("metadata", "name") ?? "";
        if (pod.Text("status", "reason") is { } reason && reason is "Evicted" or "NodeLost" or "NodeShutdown" or "Shutdown" or "Terminated" or "NodeAffinity" or "Preempting")
        {
            return new(new TrialState.Interrupted($"Pod {name} was taken from its node ({reason}): {pod.Text("status", "message")}"), TimeSpan.Zero, null, null, false);
        }

        if (pod.Text("metadata", "deletionTimestamp") is not null)
        {
            // On its way out its containers end; that is nobody's fault.
            return before is null ? null : new(new TrialState.Interrupted($"Pod {name} was deleted while it was measured."), TimeSpan.FromSeconds(5), null, null, false);
        }

        if (pod.Text("status", "phase") is "Succeeded" || (pod.Text("status", "phase") is "Failed" && pod.Objects("metadata", "ownerReferences").Any(owner => owner.Text("kind") is "Job")))
        {
            // A job of the candidate that is done, or tries again with another pod.
            return null;
        }

        // What had to end well before the others begin has done so.
        return pod.Objects("status", "initContainerStatuses").Where(container => container.Whole("state", "terminated", "exitCode") is not 0).Concat(pod.Objects("status", "containerStatuses"))
            .Select(container => Of(name, container, LimitOf(pod, container), before, healing)).OfType<PodDiagnosis>().MinBy(diagnosis => diagnosis.Patience);
    }

    private static PodDiagnosis? Of(string pod, JsonObject container, string limit, IReadOnlyDictionary<string, long>? before, TimeSpan healing)
    {
        var name = container.Text("name");
        var restarts = container.Whole("restartCount") ?? 0;
        var ended = container.At("state", "terminated") ?? container.At("lastState", "terminated");
        var waiting = container.Text("state", "waiting", "reason");
        var said = container.Text("state", "waiting", "message") ?? waiting;
        PodDiagnosis Failed(FailureKind kind, string why, TimeSpan patience = default) =>
            new(new TrialState.CandidateFailed(kind, why, ""), patience, pod, name, Previous: restarts > 0 && container.At("state", "terminated") is null);

        if (ended.Text("reason") is "OOMKilled")
        {
            return Failed(FailureKind.OutOfMemory, $"Container {name} of pod {pod} was killed for using more memory than its limit{limit}. Raise the limit, or leave out what needs so much.");
        }

        switch (waiting)
        {
            case "InvalidImageName" or "ErrImageNeverPull":
                return Failed(FailureKind.ImageNotPulled, $"The image of container {name} cannot be pulled: {said}. Correct its name, or see to it that the nodes may pull it.");
            case "ImagePullBackOff" or "ErrImagePull":
                return Failed(FailureKind.ImageNotPulled, $"The image of container {name} cannot be pulled: {said}. Correct its name, or see to it that the nodes may pull it.", healing);
            case "CreateContainerConfigError" or "CreateContainerError" or "RunContainerError":
                return Failed(FailureKind.CannotStart, $"Container {name} of pod {pod} cannot be started: {said}", healing);
        }

        var exit = ended.Whole("exitCode");
        if (before is not null && (restarts > before.GetValueOrDefault(Key(pod, container)) || container.At("state", "terminated") is not null))
        {
            return Failed(FailureKind.ExitedUnderLoad, $"Container {name} of pod {pod} ended with {exit} while it was measured.");
        }

        return waiting is "CrashLoopBackOff" || (before is null && restarts >= 2)
            ? Failed(FailureKind.ExitedAtStart, $"Container {name} of pod {pod} ends again and again (exit code {exit}, {restarts} restarts). Its log says why.")
            : null;
    }
}
