using Tuner.Local.Deploying;

namespace Tuner.Local.Tests;

public sealed class PlacementTests
{
    private static readonly Machine FourCores = new() { Cores = [0, 1, 2, 3], MemoryBytes = 8L << 30 };

    [Fact]
    public void Whole_vcpus_get_cores_of_their_own_and_none_is_the_generators()
    {
        var placement = Placement.For(FourCores, new ReplicaSize(1, null), 3);
        Assert.Equal([0, 1, 2], placement.Replicas.Select(replica => Assert.Single(replica.Cores)));
        Assert.All(placement.Replicas, replica => Assert.Null(replica.Quota));
        Assert.Equal(3, Assert.Single(FourCores.GeneratorCores));
    }

    [Fact]
    public void Fractions_share_the_candidates_cores_by_quota()
    {
        var placement = Placement.For(FourCores, new ReplicaSize(1.5, 1 << 20), 2);
        Assert.All(placement.Replicas, replica => Assert.Equal([0, 1, 2], replica.Cores));
        Assert.All(placement.Replicas, replica => Assert.Equal(1.5, replica.Quota));
        Assert.Contains("fraction of a vCPU not enforced", placement.Enforcement, StringComparison.Ordinal);
        Assert.Contains("memory watched", placement.Enforcement, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(8, 1)]
    public void What_the_machine_cannot_hold_is_still_kept_off_the_generators_core(double vcpus, int replicas)
    {
        var placement = Placement.For(FourCores, new ReplicaSize(vcpus, null), replicas);
        Assert.All(placement.Replicas, replica => Assert.Equal([0, 1, 2], replica.Cores));
        Assert.Equal(vcpus < 3 ? vcpus : null, placement.Replicas[0].Quota);
    }

    [Fact]
    public void Without_an_instance_nothing_is_limited_but_the_generators_core_stays_free()
    {
        var limits = Placement.For(FourCores, new ReplicaSize(null, null), 1).Replicas[0];
        Assert.Equal([0, 1, 2], limits.Cores);
        Assert.Null(limits.Quota);
        Assert.Null(limits.MemoryBytes);
    }

    [Fact]
    public void One_core_is_shared_and_the_generator_comes_first()
    {
        var machine = FourCores with { Cores = [0] };
        Assert.Empty(machine.GeneratorCores);
        Assert.Equal(0, Assert.Single(machine.CandidateCores));
        Assert.True(Measuring.GeneratorShield.CandidateNice(machine) > 0);
    }

    [Theory]
    [InlineData(0.25, 2500, 10_000)]
    [InlineData(1.5, 15_000, 10_000)]
    [InlineData(0.05, 1000, 20_000)]
    public void A_quota_has_a_period_of_ten_milliseconds_unless_the_kernel_would_refuse_it(double vcpus, long quota, long period) =>
        Assert.Equal((quota, period), Cgroups.CgroupLimits.QuotaOf(vcpus));

    [Fact]
    public void The_probe_knows_this_machine()
    {
        Assert.InRange(Bench.Machine.Cores.Length, 1, Environment.ProcessorCount);
        Assert.Equal(Bench.Machine.Cores.Length > 1, Bench.Machine.GeneratorCores.Length > 0);
        Assert.True(Bench.Machine.MemoryBytes > 64L << 20);
        Assert.Contains("cgroup", Bench.Machine.Enforcement, StringComparison.Ordinal);
    }
}
