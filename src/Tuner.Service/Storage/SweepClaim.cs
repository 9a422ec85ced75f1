using Tuner.Core.Sweeps;

namespace Tuner.Service.Storage;

/// <summary>
/// A node's right to work on a sweep, for as long as its lease is renewed. The fencing number grows with every claim:
/// what comes under an older number is refused, however late its sender wakes up.
/// </summary>
/// <param name="TakenFrom">The node that had it before and went away without handing it back; null where none did.</param>
public sealed record SweepClaim(SweepId Id, string Node, long Fence, string? TakenFrom = null)
{
    /// <summary>A node as a reader knows it: its host and its process.</summary>
    public static string Words(string node) => node.Split('/') is [var host, _, var process] ? $"{host} (process {process.Split('-')[0]})" : node;
}

/// <summary>The claim was lost: another node works on the sweep, and nothing was written.</summary>
public sealed class LostClaimException(SweepClaim claim)
    : Exception($"Sweep {claim.Id} is no longer {SweepClaim.Words(claim.Node)}'s under number {claim.Fence}: another node has taken it over, or it was deleted.");
