namespace Tuner.Local.Cgroups;

/// <summary>
/// The cgroup of one trial with a child for each replica. Whatever a candidate forks is born in it and cannot leave it by
/// changing its parent, its session or its name; that makes it the reliable list of what to kill.
/// </summary>
internal abstract class CgroupOfTrial(IReadOnlyList<string> directories) : CgroupFolders(directories)
{
    /// <summary>Makes the cgroup of one replica with these limits; gives the files by which a process joins it.</summary>
    public abstract IReadOnlyList<string> AddReplica(int replica, CgroupLimits limits);

    /// <summary>CPU seconds of all processes that ever were in it; null where they are not counted.</summary>
    public abstract double? CpuSeconds { get; }

    /// <summary>How long quotas held it back so far, summed over the replicas; null where there is no quota.</summary>
    public abstract TimeSpan? Throttled { get; }

    /// <summary>Resident memory now, in bytes, shared pages counted once; null where it is not counted.</summary>
    public abstract long? ResidentBytes { get; }

    /// <summary>How often the kernel killed a process of a replica because the replica was out of memory.</summary>
    public abstract long OutOfMemoryKills(int replica);

    protected static string ReplicaName(int replica) => $"r{replica}";
}
