using System.Diagnostics;
using System.Globalization;

namespace Tuner.Local.Cgroups;

/// <summary>
/// The cgroup of one trial with a child for each replica. Whatever a candidate forks is born in it and cannot leave it by
/// changing its parent, its session or its name; that makes it the reliable list of what to kill.
/// </summary>
internal abstract class CgroupOfTrial(IReadOnlyList<string> directories)
{
    /// <summary>The trial's folders, one for each separate hierarchy.</summary>
    protected IReadOnlyList<string> Directories { get; } = directories;

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

    /// <summary>The ids of the processes in it.</summary>
    public IReadOnlyList<int> Members() =>
    [
        .. Directories.SelectMany(Tree).SelectMany(directory => CgroupHierarchy.Read(Path.Combine(directory, "cgroup.procs")).Split('\n'))
            .Where(line => line.Length > 0).Select(line => int.Parse(line, CultureInfo.InvariantCulture)).Where(id => id > 0).Distinct(),
    ];

    /// <summary>Sends SIGKILL to every member, once.</summary>
    public virtual void Kill()
    {
        foreach (var member in Members())
        {
            Native.Kill(member, Native.SigKill);
        }
    }

    /// <summary>Kills until nothing is left and removes the folders; false when that did not succeed in time.</summary>
    public async Task<bool> RemoveAsync(TimeSpan patience, TimeProvider time)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            Kill();
            var left = Directories.SelectMany(Tree).Reverse().ToArray().Count(directory => !TryRemove(directory));
            if (left == 0)
            {
                return true;
            }

            if (Stopwatch.GetElapsedTime(started) > patience)
            {
                return false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), time, CancellationToken.None);
        }
    }

    /// <summary>A cgroup's folder goes by rmdir; the files in it are the kernel's.</summary>
    internal static bool TryRemove(string directory)
    {
        try
        {
            if (Native.RemoveDirectory(directory) == 0)
            {
                return true;
            }
        }
        catch (IOException)
        {
            return false;
        }

        return !Directory.Exists(directory);
    }

    protected static string ReplicaName(int replica) => $"r{replica}";

    /// <summary>The folder and all below it, parents first; empty when it does not exist.</summary>
    protected static IEnumerable<string> Tree(string directory)
    {
        try
        {
            return Directory.Exists(directory) ? [directory, .. Directory.GetDirectories(directory).SelectMany(Tree)] : [];
        }
        catch (IOException)
        {
            return [];
        }
    }
}

/// <summary>What one replica may use; null means no limit.</summary>
internal sealed record CgroupLimits(IReadOnlyList<int> Cores, double? Quota, long? MemoryBytes)
{
    /// <summary>Short, so that a throttled replica stutters in milliseconds, not in tenths of a second.</summary>
    public const int PeriodMicroseconds = 10_000;

    /// <summary>The kernel refuses a quota below 1 ms; a smaller share gets a longer period.</summary>
    public static (long Quota, long Period) QuotaOf(double vcpus)
    {
        const long least = 1000;
        var quota = (long)Math.Round(vcpus * PeriodMicroseconds);
        return quota >= least ? (quota, PeriodMicroseconds) : (least, (long)Math.Round(least / vcpus));
    }
}
