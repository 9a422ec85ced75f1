using Tuner.Argo.Kubernetes;
using Tuner.Local;

namespace Tuner.Service.Engine;

/// <summary>How a node works on sweeps.</summary>
public sealed record SweepEngineOptions
{
    /// <summary>This node in leases and histories; another one for every start.</summary>
    public string Node { get; init; } = NodeIdentity.Current;

    /// <summary>Sweeps that this node works on at the same time.</summary>
    public int MaxSweeps { get; init; } = 8;

    /// <summary>How long a claim holds without a sign of life: after that, another node takes the sweep over.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long before its lease runs out a node that cannot renew it ends its candidates.</summary>
    public TimeSpan Margin { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>The time from one sign of life to the next; requests are heard of as often.</summary>
    public TimeSpan Beat { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the store is asked for sweeps to work on.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Trials that can go on without this process do so when it is stopped, for another node or the next start to pick up;
    /// else they are ended, and nothing is left.
    /// </summary>
    public bool LeavesTrials { get; init; }

    /// <summary>How candidates run on this machine.</summary>
    public required LocalOptions Local { get; init; }

    /// <summary>The cluster of sweeps that run on Kubernetes; asked for when the first of them begins.</summary>
    public Func<ClusterAccess> Cluster { get; init; } = () => InCluster.OrKubeconfig(kubeconfig: null, context: null, TimeProvider.System);

    /// <summary>This installation in the labels of a cluster: the same for all nodes on one store; null for that of TUNER_INSTALLATION, or one made from the store's name.</summary>
    public string? Installation { get; init; }
}
