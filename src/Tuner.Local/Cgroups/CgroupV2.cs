namespace Tuner.Local.Cgroups;

/// <summary>Version 2: one hierarchy in which a cgroup either holds processes or passes controllers on.</summary>
internal sealed class CgroupV2 : CgroupHierarchy
{
    private readonly string root;
    private readonly IReadOnlyList<string> controllers;

    private CgroupV2(string parent, IReadOnlyList<string> controllers)
    {
        root = Path.Combine(parent, TunerFolder);
        this.controllers = controllers;
    }

    public override string Version => "cgroup v2";

    public override bool HasCpuset => controllers.Contains("cpuset", StringComparer.Ordinal);

    public override bool HasQuota => controllers.Contains("cpu", StringComparer.Ordinal);

    public override bool HasMemory => controllers.Contains("memory", StringComparer.Ordinal);

    public override IReadOnlyList<string> Roots => [root];

    /// <summary>
    /// The own cgroup holds Tuner and so cannot pass controllers on, except at the very top; then its parent can,
    /// where that is ours to write (a delegated tree), and then the top.
    /// </summary>
    public static CgroupV2? Find(CgroupMounts mounts, out string reason)
    {
        reason = "";
        if (mounts.V2() is not { } own || mounts.V2Root() is not { } top)
        {
            return null;
        }

        string[] places = string.Equals(own, top, StringComparison.Ordinal) ? [own] : [own, Path.GetDirectoryName(own)!, top];
        foreach (var place in places.Distinct(StringComparer.Ordinal))
        {
            if (WhyNotWritable(place) is { } cause)
            {
                reason = cause;
                continue;
            }

            var passedOn = PassOn(place);
            if (passedOn.Count > 0)
            {
                return new CgroupV2(place, passedOn);
            }

            reason = $"'{place}' passes no cpu, cpuset or memory controller on";
        }

        return null;
    }

    public override CgroupOfTrial Create(string name, bool favoured)
    {
        var directory = Path.Combine(root, name);
        Directory.CreateDirectory(root);
        PassOn(root);

        TryWrite(Path.Combine(root, "cpu.weight"), favoured ? "1000" : "50");
        Directory.CreateDirectory(directory);
        PassOn(directory);
        return new Trial(directory);
    }

    /// <summary>Turns the useful controllers on for the children of a cgroup; gives those that are on.</summary>
    private static IReadOnlyList<string> PassOn(string directory)
    {
        var control = Path.Combine(directory, "cgroup.subtree_control");
        foreach (var controller in new[] { "cpu", "cpuset", "memory" })
        {
            if (!Read(control).Split(' ').Contains(controller, StringComparer.Ordinal)
                && Read(Path.Combine(directory, "cgroup.controllers")).Split(' ').Contains(controller, StringComparer.Ordinal))
            {
                TryWrite(control, "+" + controller);
            }
        }

        return [.. Read(control).Split(' ').Where(name => name is "cpu" or "cpuset" or "memory")];
    }

    private sealed class Trial(string directory) : CgroupOfTrial([directory])
    {
        private int replicas;
        private bool hasQuota;

        public override IReadOnlyList<string> AddReplica(int replica, CgroupLimits limits)
        {
            replicas = Math.Max(replicas, replica + 1);
            var folder = Path.Combine(directory, ReplicaName(replica));
            Directory.CreateDirectory(folder);
            if (limits.Cores.Count > 0 && File.Exists(Path.Combine(folder, "cpuset.cpus")))
            {
                Write(Path.Combine(folder, "cpuset.cpus"), string.Join(',', limits.Cores));
            }

            if (limits.Quota is { } vcpus && File.Exists(Path.Combine(folder, "cpu.max")))
            {
                var (quota, period) = CgroupLimits.QuotaOf(vcpus);
                Write(Path.Combine(folder, "cpu.max"), $"{quota} {period}");
                hasQuota = true;
            }

            if (limits.MemoryBytes is { } bytes && File.Exists(Path.Combine(folder, "memory.max")))
            {
                Write(Path.Combine(folder, "memory.max"), $"{bytes}");
                TryWrite(Path.Combine(folder, "memory.swap.max"), "0");
            }

            return [Path.Combine(folder, "cgroup.procs")];
        }

        public override double? CpuSeconds => File.Exists(Path.Combine(directory, "cpu.stat"))
            ? ReadKey(Path.Combine(directory, "cpu.stat"), "usage_usec") / 1e6
            : null;

        public override TimeSpan? Throttled => hasQuota
            ? TimeSpan.FromMicroseconds(Enumerable.Range(0, replicas).Sum(replica => ReadKey(FileOf(replica, "cpu.stat"), "throttled_usec")))
            : null;

        public override long? ResidentBytes => File.Exists(Path.Combine(directory, "memory.stat"))
            ? ReadKey(Path.Combine(directory, "memory.stat"), "anon") + ReadKey(Path.Combine(directory, "memory.stat"), "file_mapped")
            : null;

        public override long OutOfMemoryKills(int replica) => ReadKey(FileOf(replica, "memory.events"), "oom_kill");

        private string FileOf(int replica, string file) => Path.Combine(directory, ReplicaName(replica), file);
    }
}
