using System.Collections.Immutable;
using Tuner.Core.Sweeps;

namespace Tuner.Service.Storage;

/// <summary>Who works on which sweep: leases that a node renews for as long as it lives.</summary>
public interface IClaimStore
{
    /// <summary>Claims the next sweep that is queued, or whose node let its lease run out; null when there is none.</summary>
    /// <param name="except">Sweeps that the node works on already: a clock that jumps must not make it take them from itself.</param>
    Task<SweepClaim?> ClaimNextAsync(string node, TimeSpan lease, IReadOnlyCollection<SweepId> except, CancellationToken cancellationToken);

    /// <summary>Claims this sweep; null while another node holds it, and unless it is queued or running.</summary>
    Task<SweepClaim?> ClaimAsync(SweepId id, string node, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>
    /// A sign of life: renews the leases, all or none, and adds to the sweeps' running time. Tells in the same order what
    /// was asked of each sweep; null where the claim is lost.
    /// </summary>
    Task<ImmutableArray<LeaseAnswer?>> RenewAsync(IReadOnlyList<LeaseRenewal> renewals, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Every node that holds a claim, its lease run out or not.</summary>
    Task<ImmutableArray<string>> HoldersAsync(CancellationToken cancellationToken);

    /// <summary>Ends the leases of a node that is known to be dead, so that nobody has to wait for them; returns how many.</summary>
    Task<int> EndLeasesAsync(string node, CancellationToken cancellationToken);
}

/// <summary>A claim that is to be renewed, and for how long its sweep was worked on since the last time.</summary>
public sealed record LeaseRenewal(SweepClaim Claim, TimeSpan RanFor);

/// <summary>A renewed lease, with what was asked of the sweep meanwhile.</summary>
public sealed record LeaseAnswer(SweepRequest? Request, string? Reason);
