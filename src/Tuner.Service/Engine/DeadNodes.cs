using Tuner.Service.Storage;

namespace Tuner.Service.Engine;

/// <summary>Nodes of this machine whose process is no more: nobody has to wait for their leases.</summary>
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
}
