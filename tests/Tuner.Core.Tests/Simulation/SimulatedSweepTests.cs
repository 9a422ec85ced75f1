using Tuner.Core.Measurements;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Testing.Simulation;

namespace Tuner.Core.Tests.Simulation;

public sealed class SimulatedSweepTests
{
    [Fact]
    public void Has_a_best_candidate_that_is_feasible_while_nothing_cheaper_is()
    {
        var feasible = new List<double>();
        foreach (var seed in Enumerable.Range(1, 8))
        {
            var simulated = SimulatedSweep.Create(seed);
            var best = simulated.Best!;
            var all = simulated.Sweep.Space.Enumerate().ToList();
            Assert.InRange(all.Count, 100, 200);
            Assert.True(simulated.IsFeasible(best));
            Assert.DoesNotContain(all, each => simulated.IsFeasible(each) && simulated.Regret(each) < 0);
            feasible.Add((double)all.Count(simulated.IsFeasible) / all.Count);
        }

        Assert.InRange(feasible.Average(), 0.15, 0.6);
    }

    [Fact]
    public void A_long_measurement_agrees_with_the_known_truth()
    {
        var simulated = SimulatedSweep.Create(3, NoiseFamily.Calm with { BetweenDeviation = 0 });
        var load = simulated.Sweep.Load with { Phases = [new Core.Loads.RatePhase("steady", TimeSpan.FromSeconds(1000), 100)] };
        var candidate = simulated.Best!;
        var measured = simulated.Service.Measure(candidate, load, 1, TimeSpan.Zero, DateTimeOffset.UnixEpoch);
        var truth = simulated.Service.TrueQuantile(candidate, load, 0.99);
        Assert.InRange(measured.Phases[0].Series(Measurement.LatencySeries).Quantile(0.99).TotalSeconds / truth, 0.97, 1.03);
    }

    [Fact]
    public void Latencies_of_an_overloaded_candidate_grow_until_they_time_out()
    {
        var simulated = SimulatedSweep.Create(3);
        var overloaded = simulated.Sweep.Space.Enumerate().First(each => double.IsInfinity(simulated.TrueP99(each)) && simulated.Service.Surface.FailureOf(each) is null);
        var rate = 1.5 * simulated.Service.Surface.At(overloaded, 1).Capacity;
        var load = simulated.Sweep.Load with { Timeout = TimeSpan.FromSeconds(5), Phases = [new Core.Loads.RatePhase("steady", TimeSpan.FromSeconds(60), rate)] };
        var phase = simulated.Service.Measure(overloaded, load, 1, TimeSpan.Zero, DateTimeOffset.UnixEpoch).Phases[0];
        Assert.True(phase.Seconds[2].Series[Measurement.LatencySeries].Mean > 1.5 * phase.Seconds[0].Series[Measurement.LatencySeries].Mean);
        Assert.True(phase.Seconds[^1].Errors["timeout"] > 0);
    }

    [Fact]
    public async Task Runs_trials_in_virtual_time_with_the_same_numbers_for_the_same_seed()
    {
        var first = await RunAsync(seed: 5);
        var again = await RunAsync(seed: 5);
        var other = await RunAsync(seed: 6);
        Assert.Equal(first.P99, again.P99);
        Assert.NotEqual(first.P99, other.P99);
        Assert.Equal(TimeSpan.FromSeconds(28), first.Passed);
    }

    private static async Task<(double P99, TimeSpan Passed)> RunAsync(int seed)
    {
        var clock = new VirtualClock();
        var begin = clock.GetUtcNow();
        var simulated = SimulatedSweep.Create(seed).With(sweep => sweep with { Measurement = sweep.Measurement with { EarlyAbort = false } });
        var runner = new SimulatedTrialRunner(simulated.Service, clock);
        var trial = new Trial
        {
            Id = new TrialId("simulated-1"),
            Number = 1,
            Candidate = simulated.Best!,
            Purpose = TrialPurpose.Search,
            State = new TrialState.Deploying(),
            CreatedAt = begin,
            ChangedAt = begin,
        };
        var outcome = await runner.RunAsync(simulated.Sweep, trial, new NoObserver(), CancellationToken.None);
        var measured = Assert.IsType<TrialState.Measured>(outcome.State).Measurement;
        return (measured.Phases[0].Series(Measurement.LatencySeries).Quantile(0.99).TotalSeconds, clock.GetUtcNow() - begin);
    }

    private sealed class NoObserver : ITrialObserver
    {
        public Task MeasuringAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Progress(TrialProgress progress) => Assert.NotNull(progress.Step);
    }
}
