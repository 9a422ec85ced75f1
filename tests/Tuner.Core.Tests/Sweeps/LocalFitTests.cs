using System.Collections.Immutable;
using Tuner.Core.Expressions;
using Tuner.Core.Loads;
using Tuner.Core.Pricing;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;

namespace Tuner.Core.Tests.Sweeps;

public sealed class LocalFitTests
{
    private static readonly MachineCapacity TwoCores = new(2, 1, 8L << 30);

    [Theory]
    [InlineData(1, "one", null)]
    [InlineData(2, "half", null)]
    [InlineData(2, "one", "needs 2 vCPUs; this machine has 1 for candidates (1 of 2 cores belongs to the load generator)")]
    [InlineData(4, "half", "needs 2 vCPUs; this machine has 1 for candidates (1 of 2 cores belongs to the load generator)")]
    [InlineData(1, "fat", "needs 16 GiB; this machine has 8")]
    public void A_machine_holds_replicas_times_size_within_what_the_generator_leaves(int replicas, string size, string? reason) =>
        Assert.Equal(reason, LocalFit.WhyNot(Sweep(), Candidate(replicas, size), TwoCores));

    [Fact]
    public void Strategies_get_only_the_candidates_that_fit()
    {
        var sweep = Sweep();

        var restricted = LocalFit.Restrict(sweep, TwoCores);

        Assert.Equal(
            sweep.Space.Enumerate().Where(candidate => LocalFit.WhyNot(sweep, candidate, TwoCores) is null),
            restricted.Space.Enumerate());
        Assert.Equal(3, restricted.Space.Enumerate().Count());
        Assert.Null((sweep with { Baseline = Candidate(4, "one") } is var large ? LocalFit.Restrict(large, TwoCores) : null)!.Baseline);
        Assert.NotNull((sweep with { Baseline = Candidate(1, "one") } is var small ? LocalFit.Restrict(small, TwoCores) : null)!.Baseline);
    }

    [Fact]
    public void Overcommit_keeps_them_all()
    {
        var sweep = Sweep() with { Measurement = new MeasurementSettings { AllowOvercommit = true } };

        Assert.Equal(12, LocalFit.Restrict(sweep, TwoCores).Space.Enumerate().Count());
        Assert.Equal((12, 0L), ((int)SpaceTally.Of(sweep, TwoCores).Measurable!.Value, SpaceTally.Of(sweep, TwoCores).ExcludedSeen));
    }

    [Fact]
    public void The_tally_counts_what_is_left_out_by_reason_and_prices_the_rest()
    {
        var tally = SpaceTally.Of(Sweep(), TwoCores);

        Assert.Equal((12, 12, 3), ((int)tally.Combinations!.Value, (int)tally.Candidates!.Value, (int)tally.Measurable!.Value));
        Assert.Equal((0.5m, 1m), (tally.Cheapest, tally.Dearest));
        Assert.Equal(9, tally.Excluded.Values.Sum());
        Assert.Equal("replicas=1 instanceType=half", tally.First!.Key);
    }

    [Fact]
    public void A_space_too_large_to_count_is_sampled()
    {
        var sweep = Sweep();
        var tally = SpaceTally.Of(sweep with { Space = sweep.Space with { Parameters = [.. sweep.Space.Parameters, new IntegerParameter("n", 1, 1_000_000_000)] } }, TwoCores);

        Assert.False(tally.Counted);
        Assert.Equal(12e9, (double)tally.Candidates!.Value, 1e6);
        Assert.InRange((double)tally.Measurable!.Value, 2.9e9, 3.1e9);
    }

    private static Candidate Candidate(int replicas, string size) => new([new("replicas", ParameterValue.Of(replicas)), new("instanceType", ParameterValue.Of(size))]);

    private static Sweep Sweep()
    {
        InstanceType[] sizes =
        [
            new() { Name = "half", Vcpus = 0.5, MemoryGib = 1, PricePerHour = 0.5m },
            new() { Name = "one", Vcpus = 1, MemoryGib = 2, PricePerHour = 1 },
            new() { Name = "fat", Vcpus = 1, MemoryGib = 16, PricePerHour = 2 },
        ];
        Assert.True(Expression.TryParse("replicas", out var instances, out _));
        return new Sweep
        {
            Name = "fit",
            Target = new Target.Process
            {
                Command = [Template.Parse("server")],
                WorkingDirectory = "/",
                Replicas = Template.Parse("{{replicas}}"),
                Readiness = new Readiness("/", TimeSpan.FromSeconds(1)),
            },
            Space = new SearchSpace
            {
                Parameters = [new IntegerParameter("replicas", 1, 4), new CategoricalParameter("instanceType", [.. sizes.Select(size => ParameterValue.Of(size.Name))])],
                Instances = sizes.ToImmutableDictionary(size => size.Name),
            },
            Load = new LoadProfile { Request = new RequestTemplate(), Arrival = Arrival.Poisson, Phases = [new RatePhase("a", TimeSpan.FromSeconds(10), 10)] },
            Slos = [],
            Objective = Objective.CostPerHour,
            Cost = new CostModel.ByInstance("USD", instances),
            Search = new SearchSettings(),
            Measurement = new MeasurementSettings(),
            Budget = new SweepBudget(),
            Verification = new VerificationSettings(),
            Fingerprint = "",
        };
    }
}
