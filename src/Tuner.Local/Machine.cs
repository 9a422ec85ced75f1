using System.Collections.Immutable;
using System.Globalization;
using Tuner.Local.Cgroups;

namespace Tuner.Local;

/// <summary>What this machine can hold and how it can enforce an instance's size: the facts that plan and report print.</summary>
public sealed record Machine
{
    /// <summary>From so many cores on, the generator gets two.</summary>
    private const int ManyCores = 8;

    internal const string NeedsLinux = "candidates as local processes need Linux";

    /// <summary>The cores that Tuner may use, by number.</summary>
    public required ImmutableArray<int> Cores { get; init; }

    /// <summary>Memory that Tuner and its candidates may use together, in bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>The cores that belong to the load generator while it measures; empty where there is only one core.</summary>
    public ImmutableArray<int> GeneratorCores => Cores.Length switch
    {
        < 2 => [],
        < ManyCores => [Cores[^1]],
        _ => [.. Cores[^2..]],
    };

    /// <summary>The cores that candidates run on: all but the generator's.</summary>
    public ImmutableArray<int> CandidateCores => [.. Cores.Except(GeneratorCores)];

    /// <summary>How whole vCPUs are enforced: <c>cpuset</c>, <c>affinity</c>.</summary>
    public string WholeCpus => Hierarchy is { HasCpuset: true } ? "cpuset" : "affinity";

    /// <summary>Whether a fraction of a vCPU can be enforced.</summary>
    public bool EnforcesFractions => Hierarchy is { HasQuota: true };

    /// <summary>Whether the kernel limits memory; otherwise Tuner watches it and ends what uses too much.</summary>
    public bool LimitsMemory => Hierarchy is { HasMemory: true };

    /// <summary>How an instance's CPU and memory are enforced here, in words for plan and report.</summary>
    public string Enforcement =>
        $"whole vCPUs by {WholeCpus}, fractions {(EnforcesFractions ? "by quota (10 ms period)" : "not enforced")}, "
        + $"memory {(LimitsMemory ? "by limit" : "watched")} ({Hierarchy?.Version ?? "no cgroups: " + WhyNoCgroups})";

    /// <summary>Why there are no cgroups; empty where there are.</summary>
    public string WhyNoCgroups { get; init; } = "";

    internal CgroupHierarchy? Hierarchy { get; init; }

    /// <summary>Reads the facts. Starts nothing; asks the kernel for cgroup rights by making and removing an empty one.</summary>
    public static Machine Probe()
    {
        if (!OperatingSystem.IsLinux())
        {
            return new Machine
            {
                Cores = [.. Enumerable.Range(0, Environment.ProcessorCount)],
                MemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
                WhyNoCgroups = NeedsLinux,
            };
        }

        var hierarchy = CgroupHierarchy.Probe(out var reason);
        return new Machine { Cores = UsableCores(), MemoryBytes = UsableMemory(), Hierarchy = hierarchy, WhyNoCgroups = reason };
    }

    /// <summary>The same machine as someone without cgroup rights sees it.</summary>
    public Machine WithoutCgroups(string reason) => this with { Hierarchy = null, WhyNoCgroups = reason };

    private static ImmutableArray<int> UsableCores()
    {
        // ProcessorCount knows a quota that Tuner itself lives under; the affinity says which cores.
        var allowed = Native.GetAffinity(Environment.ProcessId);
        var count = Math.Max(1, Math.Min(Environment.ProcessorCount, allowed.Count));
        return allowed.Count == 0 ? [.. Enumerable.Range(0, Environment.ProcessorCount)] : [.. allowed.Take(count)];
    }

    private static long UsableMemory()
    {
        var total = File.ReadLines("/proc/meminfo").First(line => line.StartsWith("MemTotal:", StringComparison.Ordinal));
        var kib = long.Parse(total.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

        // The runtime knows a memory limit that Tuner itself lives under.
        return Math.Min(kib * 1024, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
    }
}
