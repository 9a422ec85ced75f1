using Tuner.Local.Cgroups;

namespace Tuner.Local.Tests;

/// <summary>What is written where, in folders that imitate the kernel's: also for the dialect that this machine does not speak.</summary>
public sealed class CgroupFilesTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("tuner-cgroups-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void Version_2_takes_a_delegated_parent_where_the_own_cgroup_cannot_pass_controllers_on()
    {
        Make("user/app/own/cgroup.controllers", "cpu memory");
        Make("user/app/own/cgroup.subtree_control", "");
        Make("user/app/cgroup.controllers", "cpuset cpu memory pids");
        Make("user/app/cgroup.subtree_control", "cpuset cpu memory pids");
        var hierarchy = CgroupHierarchy.Probe(Mounts($"30 24 0:26 / {root} rw - cgroup2 cgroup2 rw", "0::/user/app/own"), out _);
        Assert.Equal("cgroup v2", hierarchy!.Version);
        Assert.Equal([Path.Combine(root, "user/app/tuner")], hierarchy.Roots);
        Assert.True(hierarchy is { HasCpuset: true, HasQuota: true, HasMemory: true });
    }

    [Fact]
    public void Version_2_writes_quota_cores_and_memory_of_a_replica()
    {
        Make("cgroup.controllers", "cpuset cpu memory");
        Make("cgroup.subtree_control", "cpuset cpu memory");
        var hierarchy = CgroupHierarchy.Probe(Mounts($"30 24 0:26 / {root} rw - cgroup2 cgroup2 rw", "0::/"), out _)!;
        foreach (var file in new[] { "cpuset.cpus", "cpu.max", "memory.max", "memory.swap.max" })
        {
            Make($"tuner/1-2-trial/r0/{file}", "");
        }

        Make("tuner/1-2-trial/cpu.stat", "usage_usec 2500000\nnr_throttled 3");
        Make("tuner/1-2-trial/memory.stat", "anon 4096\nfile 1\nfile_mapped 8192");
        Make("tuner/1-2-trial/r0/cpu.stat", "usage_usec 1\nthrottled_usec 1500");
        Make("tuner/1-2-trial/r0/memory.events", "oom 1\noom_kill 2");
        var trial = hierarchy.Create("1-2-trial", favoured: true);
        var join = trial.AddReplica(0, new CgroupLimits([0, 2], 0.5, 1 << 20));
        Assert.Equal([Path.Combine(root, "tuner/1-2-trial/r0/cgroup.procs")], join);
        Assert.Equal("0,2", Read("tuner/1-2-trial/r0/cpuset.cpus"));
        Assert.Equal("5000 10000", Read("tuner/1-2-trial/r0/cpu.max"));
        Assert.Equal("1048576", Read("tuner/1-2-trial/r0/memory.max"));
        Assert.Equal("0", Read("tuner/1-2-trial/r0/memory.swap.max"));
        Assert.Equal(2.5, trial.CpuSeconds);
        Assert.Equal(TimeSpan.FromMilliseconds(1.5), trial.Throttled);
        Assert.Equal(12_288, trial.ResidentBytes);
        Assert.Equal(2, trial.OutOfMemoryKills(0));
        Assert.Equal(["1-2-trial"], hierarchy.Names());
    }

    [Fact]
    public void Version_1_is_found_per_controller_below_the_own_cgroup_and_through_bind_mounts()
    {
        Directory.CreateDirectory(Path.Combine(root, "cpu/session"));
        Directory.CreateDirectory(Path.Combine(root, "memory/inner"));
        var mounts = Mounts(
            $"31 24 0:27 / {root}/cpu rw - cgroup cgroup rw,cpu,cpuacct\n32 24 0:28 /docker/abc {root}/memory rw - cgroup cgroup rw,memory",
            "4:memory:/docker/abc/inner\n2:cpu,cpuacct:/session");
        Assert.Equal(Path.Combine(root, "cpu/session"), mounts.V1("cpu"));
        Assert.Equal(Path.Combine(root, "memory/inner"), mounts.V1("memory"));
        Assert.Null(mounts.V1("cpuset"));
        var hierarchy = CgroupHierarchy.Probe(mounts, out _)!;
        Assert.Equal("cgroup v1", hierarchy.Version);
        Assert.Equal(2, hierarchy.Roots.Count);
        Assert.False(hierarchy.HasCpuset);
    }

    [Fact]
    public void Nothing_mounted_is_said_so()
    {
        Assert.Null(CgroupHierarchy.Probe(Mounts("", ""), out var reason));
        Assert.Equal("no cgroups are mounted", reason);
    }

    private CgroupMounts Mounts(string mountInfo, string own)
    {
        Make("mountinfo", mountInfo);
        Make("self", own);
        return new CgroupMounts(Path.Combine(root, "mountinfo"), Path.Combine(root, "self"));
    }

    private void Make(string file, string text)
    {
        var path = Path.Combine(root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private string Read(string file) => File.ReadAllText(Path.Combine(root, file));
}
