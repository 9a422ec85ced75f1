using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Rendering;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Argo.Trials;

/// <summary>
/// The right to patch one object of the cluster where it is: a ConfigMap that holds the patch which restores it. Written
/// before anything is changed and removed after it was restored, it outlives the Workflow, Tuner and every crash.
/// </summary>
internal sealed class InPlaceSlot(ClusterSession session, ArgoOptions options, Target.Argo target, Trial trial, TrialNames names)
{
    private const string Back = "back";
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(3);
    private readonly ArgoSource.Existing source = (ArgoSource.Existing)target.Source;

    private string Name => NameOf(source.ApiVersion, source.Kind, source.Name);

    /// <summary>Waits until no other trial holds the object; what a trial of the past left is restored.</summary>
    public async Task TakeAsync(Action<string> tell, CancellationToken cancellationToken)
    {
        while (await FindAsync(session.Api, target.Namespace, Name, cancellationToken) is { } taken)
        {
            var holder = taken.Text("metadata", "annotations", TunerLabels.TrialId);
            var workflow = new WorkflowObject(session.Api, target.Namespace, taken.Text("metadata", "labels", TunerLabels.Trial) ?? "", options.Time);
            if (await workflow.FindAsync(cancellationToken) is null)
            {
                await RestoreAsync(session, target.Namespace, taken, cancellationToken);
                continue;
            }

            tell($"{source.Kind} {source.Name} is being measured by trial {holder}");
            await Task.Delay(Look, options.Time, cancellationToken);
        }
    }

    /// <exception cref="KubernetesException">A conflict: another trial was faster.</exception>
    public Task RememberAsync(InPlaceChange change, CancellationToken cancellationToken) => session.Api.CreateAsync(
        ResourcePath.ConfigMaps(target.Namespace),
        new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject
            {
                ["name"] = Name,
                ["labels"] = new JsonObject { [TunerLabels.ManagedBy] = "tuner", [TunerLabels.Owner] = options.Owner, [TunerLabels.Trial] = names.Workflow, ["tuner/restores"] = "true" },
                ["annotations"] = new JsonObject { [TunerLabels.TrialId] = trial.Id.Value },
            },
            ["data"] = new JsonObject { [Back] = change.Back.ToJsonString(WorkflowSteps.Relaxed) },
        },
        cancellationToken);

    /// <summary>Restores the object and gives it free; what could not be done, in words.</summary>
    public async Task<string?> ReleaseAsync(CancellationToken cancellationToken)
    {
        var attempts = new Patience(options.RemovalPatience, options.Time);
        while (true)
        {
            try
            {
                if (await FindAsync(session.Api, target.Namespace, Name, cancellationToken) is { } mine && mine.Text("metadata", "annotations", TunerLabels.TrialId) == trial.Id.Value)
                {
                    await RestoreAsync(session, target.Namespace, mine, cancellationToken);
                }

                return null;
            }
            catch (Exception exception) when (ClusterTrouble.Is(exception))
            {
                if (exception is KubernetesException { IsPassing: false } || !await attempts.PauseAsync(cancellationToken))
                {
                    return $"{source.Kind} '{source.Name}' could not be restored: {exception.Message}. What restores it stands in ConfigMap '{Name}'.";
                }
            }
        }
    }

    /// <summary>Applies what a slot holds, and removes the slot.</summary>
    public static async Task<string> RestoreAsync(ClusterSession session, string place, JsonObject slot, CancellationToken cancellationToken)
    {
        var back = (JsonObject)JsonNode.Parse(slot.Text("data", Back) ?? "{}")!;
        var (version, kind, name) = (back.Text("apiVersion") ?? "", back.Text("kind") ?? "", back.Text("metadata", "name") ?? "");
        try
        {
            await session.Api.PatchAsync(await session.Discovery.PathAsync(version, kind, place, name, cancellationToken), new MergePatchBody(back), cancellationToken);
        }
        catch (KubernetesException exception) when (exception.IsNotFound)
        {
            // Somebody deleted the object: there is nothing to restore.
        }

        await session.Api.DeleteAsync(ResourcePath.ConfigMaps(place, slot.Text("metadata", "name")), [], cancellationToken);
        return $"restored {kind} {name} in namespace {place}, which trial {slot.Text("metadata", "annotations", TunerLabels.TrialId)} had left patched";
    }

    internal static string NameOf(string apiVersion, string kind, string name) =>
        $"tuner-restore-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{apiVersion}/{kind}/{name}")))[..12]}";

    private static async Task<JsonObject?> FindAsync(IKubernetesApi api, string place, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await api.GetAsync(ResourcePath.ConfigMaps(place, name), cancellationToken);
        }
        catch (KubernetesException exception) when (exception.IsNotFound)
        {
            return null;
        }
    }
}
