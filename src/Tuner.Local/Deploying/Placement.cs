using System.Collections.Immutable;
using Tuner.Core.Pricing;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Local.Cgroups;

namespace Tuner.Local.Deploying;

/// <summary>The size that one replica is paid for; null where the sweep does not say.</summary>
internal sealed record ReplicaSize(double? Vcpus, long? MemoryBytes)
{
    private const double BytesPerGib = 1L << 30;

    public static ReplicaSize Of(Sweep sweep, Candidate candidate, int replicas)
    {
        if (sweep.Space.InstanceOf(candidate) is { } instance)
        {
            return new ReplicaSize(instance.Vcpus, (long)(instance.MemoryGib * BytesPerGib));
        }

        // Requested resources are those of the whole candidate.
        return sweep.Cost is CostModel.ByResource cost
            ? new ReplicaSize(cost.Vcpus.Number(Lookup) / replicas, (long)(cost.MemoryGib.Number(Lookup) * BytesPerGib / replicas))
            : new ReplicaSize(null, null);

        ParameterValue? Lookup(string name) => sweep.Space.Lookup(candidate, name);
    }
}

/// <summary>Which cores, which share of them and how much memory each replica gets on this machine.</summary>
internal sealed record Placement(ImmutableArray<CgroupLimits> Replicas, string Enforcement)
{
    public static Placement For(Machine machine, ReplicaSize size, int replicas)
    {
        var cores = machine.CandidateCores;
        if (size.Vcpus is not { } vcpus)
        {
            return Build(machine, [.. Enumerable.Repeat(new CgroupLimits(cores, null, size.MemoryBytes), replicas)]);
        }

        var whole = (int)vcpus;
        if (whole > 0 && whole == vcpus && whole * replicas <= cores.Length)
        {
            return Build(machine, [.. Enumerable.Range(0, replicas).Select(replica => new CgroupLimits(cores.Slice(replica * whole, whole), null, size.MemoryBytes))]);
        }

        // Fractions share the cores by quota; what the machine cannot hold (overcommit) is at least kept off the generator's.
        return Build(machine, [.. Enumerable.Repeat(new CgroupLimits(cores, vcpus < cores.Length ? vcpus : null, size.MemoryBytes), replicas)]);
    }

    private static Placement Build(Machine machine, ImmutableArray<CgroupLimits> replicas)
    {
        var limits = replicas[0];
        var parts = new List<string> { machine.WholeCpus };
        if (limits.Quota is not null)
        {
            parts.Add(machine.EnforcesFractions ? "quota" : "fraction of a vCPU not enforced");
        }

        if (limits.MemoryBytes is not null)
        {
            parts.Add(machine.LimitsMemory ? "memory limit" : "memory watched");
        }

        return new Placement(replicas, $"{string.Join(" + ", parts)} ({machine.Hierarchy?.Version ?? "no cgroups"})");
    }
}
