namespace Tuner.Local.Cgroups;

/// <summary>Version 1: a hierarchy for each controller, some of them mounted together.</summary>
internal sealed class CgroupV1 : CgroupHierarchy
{
    private readonly Dictionary<string, string> roots;

    private CgroupV1(Dictionary<string, string> roots) => this.roots = roots;

    public override string Version => "cgroup v1";

    public override bool HasCpuset => roots.ContainsKey("cpuset");

    public override bool HasQuota => roots.TryGetValue("cpu", out var root) && File.Exists(Path.Combine(Path.GetDirectoryName(root)!, "cpu.stat"));

    public override bool HasMemory => roots.ContainsKey("memory");

    public override IReadOnlyList<string> Roots => [.. roots.Values.Distinct(StringComparer.Ordinal)];

    public static CgroupV1? Find(CgroupMounts mounts, out string reason)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        reason = "";
        foreach (var controller in new[] { "cpu", "cpuacct", "cpuset", "memory", "freezer" })
        {
            if (mounts.V1(controller) is not { } directory)
            {
                continue;
            }

            if (WhyNotWritable(directory) is { } cause)
            {
                reason = cause;
                continue;
            }

            found[controller] = Path.Combine(directory, TunerFolder);
        }

        return found.Count == 0 ? null : new CgroupV1(found);
    }

    public override CgroupOfTrial Create(string name, bool favoured)
    {
        foreach (var root in Roots)
        {
            MakeDirectory(root);
            MakeDirectory(Path.Combine(root, name));
        }

        if (roots.TryGetValue("cpu", out var cpu))
        {
            TryWrite(Path.Combine(cpu, "cpu.shares"), favoured ? "10240" : "512");
        }

        return new Trial(roots.ToDictionary(folder => folder.Key, folder => Path.Combine(folder.Value, name), StringComparer.Ordinal));
    }

    private static void MakeDirectory(string directory)
    {
        Directory.CreateDirectory(directory);

        // A new cpuset is empty, and nothing can join an empty one.
        foreach (var file in new[] { "cpuset.cpus", "cpuset.mems" })
        {
            var path = Path.Combine(directory, file);
            if (File.Exists(path) && Read(path).Length == 0)
            {
                Write(path, Read(Path.Combine(Path.GetDirectoryName(directory)!, file)));
            }
        }
    }

    private sealed class Trial(Dictionary<string, string> directories) : CgroupOfTrial([.. directories.Values.Distinct(StringComparer.Ordinal)])
    {
        private int replicas;
        private bool hasQuota;

        public override IReadOnlyList<string> AddReplica(int replica, CgroupLimits limits)
        {
            replicas = Math.Max(replicas, replica + 1);
            foreach (var directory in Directories)
            {
                MakeDirectory(Path.Combine(directory, ReplicaName(replica)));
            }

            if (limits.Cores.Count > 0 && FileOf("cpuset", replica, "cpuset.cpus") is { } cores)
            {
                Write(cores, string.Join(',', limits.Cores));
            }

            if (limits.Quota is { } vcpus && FileOf("cpu", replica, "cpu.cfs_quota_us") is { } quotaFile)
            {
                var (quota, period) = CgroupLimits.QuotaOf(vcpus);
                Write(FileOf("cpu", replica, "cpu.cfs_period_us")!, $"{period}");
                Write(quotaFile, $"{quota}");
                hasQuota = true;
            }

            if (limits.MemoryBytes is { } bytes && FileOf("memory", replica, "memory.limit_in_bytes") is { } memory)
            {
                Write(memory, $"{bytes}");

                // Without this the kernel swaps instead of refusing; the file exists only where swap is counted.
                TryWrite(FileOf("memory", replica, "memory.memsw.limit_in_bytes")!, $"{bytes}");
            }

            return [.. Directories.Select(directory => Path.Combine(directory, ReplicaName(replica), "cgroup.procs"))];
        }

        public override double? CpuSeconds => directories.TryGetValue("cpuacct", out var directory)
            ? ReadNumber(Path.Combine(directory, "cpuacct.usage")) / 1e9
            : null;

        public override TimeSpan? Throttled => hasQuota
            ? TimeSpan.FromMicroseconds(Enumerable.Range(0, replicas).Sum(replica => ReadKey(FileOf("cpu", replica, "cpu.stat")!, "throttled_time") / 1000.0))
            : null;

        public override long? ResidentBytes => directories.TryGetValue("memory", out var directory)
            ? ReadKey(Path.Combine(directory, "memory.stat"), "total_rss") + ReadKey(Path.Combine(directory, "memory.stat"), "total_mapped_file")
            : null;

        public override long OutOfMemoryKills(int replica) =>
            FileOf("memory", replica, "memory.oom_control") is { } file ? ReadKey(file, "oom_kill") : 0;

        private string? FileOf(string controller, int replica, string file) =>
            directories.TryGetValue(controller, out var directory) ? Path.Combine(directory, ReplicaName(replica), file) : null;
    }
}
