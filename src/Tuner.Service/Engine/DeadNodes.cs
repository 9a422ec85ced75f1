using Tuner.Service.Storage;

namespace Tuner.Service.Engine;

/// <summary>Nodes of this machine whose process is no more: nobody has to wait for their leases, and their candidates are gone.</summary>
public static class DeadNodes
{
    public static async Task EndLeasesAsync(IClaimStore claims, CancellationToken cancellationToken)
    {
        foreach (var node in await claims.HoldersAsync(cancellationToken))
        {
            if (NodeIdentity.IsKnownDead(node))
            {
                await claims.EndLeasesAsync(node, cancellationToken);
            }
        }
    }

    /// <summary>
    /// Gives back the slots of nodes of this host that are no more. To be called after what they left behind was removed;
    /// an earlier start of the same machine left nothing.
    /// </summary>
    /// <returns>The slots that were given back.</returns>
    public static async Task<int> ReleaseSlotsAsync(SlotStore slots, CancellationToken cancellationToken)
    {
        var released = 0;
        foreach (var node in (await slots.HeldAsync(cancellationToken)).Select(slot => slot.Node).Distinct(StringComparer.Ordinal).ToList())
        {
            if (NodeIdentity.IsKnownDead(node) || NodeIdentity.IsOfAnEarlierStart(node))
            {
                released += await slots.ReleaseNodeAsync(node, cancellationToken);
            }
        }

        return released;
    }
}
