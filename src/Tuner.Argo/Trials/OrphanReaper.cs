using System.Text.Json.Nodes;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Rendering;

namespace Tuner.Argo.Trials;

/// <summary>Removes what carries this installation's label and belongs to no live trial; restores what was left patched.</summary>
internal sealed class OrphanReaper(ClusterSession session, ArgoOptions options)
{
    /// <param name="live">Ids of trials that have not ended; asked for after the list was read, so that a new trial is never taken for an orphan.</param>
    /// <returns>What was removed, in words for the log.</returns>
    public async Task<IReadOnlyList<string>> ReapAsync(string place, Func<CancellationToken, Task<IReadOnlyCollection<string>>> live, CancellationToken cancellationToken)
    {
        var mine = $"{TunerLabels.Owner}={options.Owner}";
        var workflows = (await ListAsync(ResourcePath.Workflows(place), mine, cancellationToken)).ToArray();
        var slots = (await ListAsync(ResourcePath.ConfigMaps(place), $"{mine},tuner/restores=true", cancellationToken)).ToArray();
        if (workflows.Length == 0 && slots.Length == 0)
        {
            return [];
        }

        var alive = await live(cancellationToken);
        var removed = new List<string>();
        foreach (var item in workflows.Where(item => !alive.Contains(Id(item)) && item.Text("metadata", "deletionTimestamp") is null))
        {
            var name = item.Text("metadata", "name")!;
            await Quietly(() => session.Api.DeleteAsync(ResourcePath.Workflows(place, name), new JsonObject { ["propagationPolicy"] = "Foreground" }, cancellationToken));
            removed.Add($"removed workflow {name} of trial {Id(item)} with its candidate from namespace {place}: nothing works on it any more");
        }

        foreach (var slot in slots.Where(slot => !alive.Contains(Id(slot))))
        {
            removed.Add(await InPlaceSlot.RestoreAsync(session, place, slot, cancellationToken));
        }

        return removed;
    }

    private static string Id(JsonObject item) => item.Text("metadata", "annotations", TunerLabels.TrialId) ?? "";

    private async Task<IEnumerable<JsonObject>> ListAsync(string path, string labels, CancellationToken cancellationToken) =>
        (await session.Api.ListAsync(path, labels, fieldSelector: null, limit: null, next: null, cancellationToken)).Objects("items");

    private static async Task Quietly(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (KubernetesException exception) when (exception.IsNotFound)
        {
            // Gone in the meantime.
        }
    }
}
