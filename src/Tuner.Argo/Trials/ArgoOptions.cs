using Tuner.Argo.Kubernetes;

namespace Tuner.Argo.Trials;

/// <summary>What the runner needs to know besides the sweep.</summary>
public sealed record ArgoOptions
{
    /// <summary>The cluster; read when the first trial begins.</summary>
    public required Func<ClusterAccess> Access { get; init; }

    /// <summary>
    /// The name of this installation, a label value: what carries another one's is left alone. Every process that works on
    /// one store has the same.
    /// </summary>
    public required string Owner { get; init; }

    /// <summary>Argo's own server, from which artifacts are fetched; null where none is named. Read when the first trial wants it.</summary>
    public Func<ClusterAccess?> ArgoServer { get; init; } = () => Artifacts.ArgoServerAccess.FromEnvironment(Environment.GetEnvironmentVariable, TimeProvider.System);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>
    /// The ids of trials that have not ended, in all sweeps of the store; the reaper leaves what belongs to them. Null where
    /// only this process knows of trials: then those that it runs.
    /// </summary>
    public Func<CancellationToken, Task<IReadOnlyCollection<string>>>? LiveTrials { get; init; }

    /// <summary>Namespaces that the reaper looks into; those of trials that ran are added.</summary>
    public IReadOnlyCollection<string> Namespaces { get; init; } = [];

    /// <summary>How often the reaper looks for what belongs to no live trial.</summary>
    public TimeSpan ReapEvery { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a new Workflow may stay without a status: after that, no Argo controller works on the namespace.</summary>
    public TimeSpan ControllerPatience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long the controller may let a Workflow wait for its turn (its limit of parallel Workflows, a mutex).</summary>
    public TimeSpan QueuePatience { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long the API server may refuse our credentials, or a permission, before a trial that waits for it is given up.</summary>
    public TimeSpan DeniedPatience { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long an image that cannot be pulled, or a container that cannot be created, may stay so: a registry that hiccups
    /// and a volume that comes late are over within this time, most often.
    /// </summary>
    public TimeSpan HealingPatience { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>How long removing a candidate may take before the trial ends with a note about it.</summary>
    public TimeSpan RemovalPatience { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How long the API server may be away before a trial that waits for it is given up.</summary>
    public TimeSpan OutagePatience { get; init; } = TimeSpan.FromMinutes(10);
}
