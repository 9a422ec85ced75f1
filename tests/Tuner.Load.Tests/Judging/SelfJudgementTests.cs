using System.Collections.Immutable;
using Tuner.Core.Measurements;
using Tuner.Load.Judging;
using Tuner.Load.Looping;

namespace Tuner.Load.Tests.Judging;

public class SelfJudgementTests
{
    private const long Millisecond = 1_000_000;

    [Fact]
    public void A_calm_load_is_valid()
    {
        Assert.Empty(SelfJudgement.Reasons(Load()));
    }

    [Fact]
    public void Lag_over_a_tenth_of_the_latency_is_the_generators_fault()
    {
        Assert.Contains("lag p99", Single(Load() with { Generator = Health(lag: 2 * Millisecond) }), StringComparison.Ordinal);
        Assert.Empty(SelfJudgement.Reasons(Load() with { Generator = Health(lag: 2 * Millisecond), OpenModel = false }));
    }

    [Fact]
    public void Sending_less_than_was_offered_is_the_generators_fault()
    {
        Assert.Contains("threads", Single(Load(achieved: 0.98)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_busy_thread_and_every_exhausted_limit_is_named()
    {
        Assert.Contains("busy", Single(Load() with { Generator = Health() with { BusyShare = 0.97 } }), StringComparison.Ordinal);
        Assert.Contains("connections.max", Single(Load() with { ConnectionsExhausted = true }), StringComparison.Ordinal);
        Assert.Contains("descriptors", Single(Load() with { Limit = WireLimit.Descriptors }), StringComparison.Ordinal);
        Assert.Contains("ports", Single(Load() with { Limit = WireLimit.Ports }), StringComparison.Ordinal);
    }

    [Fact]
    public void Too_few_requests_are_invalid_unless_the_load_was_ended_early()
    {
        Assert.Contains("fewer than", Single(Load() with { MinRequests = 2000 }), StringComparison.Ordinal);
        Assert.Empty(SelfJudgement.Reasons(Load() with { MinRequests = 2000, EndedEarly = "certain" }));
    }

    [Fact]
    public void A_target_that_was_still_warming_up_is_not_stable_and_one_that_slows_down_is_left_to_the_slos()
    {
        Assert.Contains("Warm up longer", Single(Load(second => (12 - second) * 10)), StringComparison.Ordinal);
        Assert.Empty(SelfJudgement.Reasons(Load(second => (second + 1) * 10)));
    }

    [Fact]
    public void Latency_that_falls_with_the_rate_or_after_a_spike_is_no_warming_up()
    {
        var falling = Load(second => (12 - second) * 10);
        var ramp = falling.Phases[0] with { Seconds = [.. falling.Phases[0].Seconds.Select(second => second with { Scheduled = 100 - (8 * second.Index) })] };
        Assert.Empty(SelfJudgement.Reasons(falling with { Phases = [ramp] }));
        Assert.Empty(SelfJudgement.Reasons(falling with { Phases = [Load().Phases[0], falling.Phases[0]] }));
    }

    [Fact]
    public void Pressure_and_stolen_time_are_read_as_the_kernel_writes_them()
    {
        Assert.Equal(57482578, MachineWatch.ParsePressure("some avg10=0.76 avg60=2.94 avg300=3.22 total=57482578\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n"));
        Assert.Null(MachineWatch.ParsePressure(""));
        Assert.Equal((8, 36), MachineWatch.ParseStat("cpu  1 2 3 4 5 6 7 8 9 10\ncpu0 1 1 1 1 1 1 1 1 1 1\n"));
        Assert.Null(MachineWatch.ParseStat("intr 1 2 3"));
    }

    private static string Single(JudgedLoad load) => Assert.Single(SelfJudgement.Reasons(load));

    private static GeneratorHealth Health(long lag = Millisecond / 20)
    {
        var lags = new LatencyHistogram();
        lags.RecordNanoseconds(lag);
        return new GeneratorHealth { ScheduleLag = lags, CpuCores = 0.1, PeakConnections = 4, InFlightAtEnd = 0, BusyShare = 0.1 };
    }

    // 12 s at 100/s.
    private static JudgedLoad Load(Func<int, double>? milliseconds = null, double achieved = 1) => new()
    {
        OpenModel = true,
        Generator = Health(),
        Phases =
        [
            new PhaseMeasurement
            {
                Name = "steady",
                Duration = TimeSpan.FromSeconds(12),
                OfferedRate = 100,
                AchievedRate = 100 * achieved,
                Seconds = [.. Enumerable.Range(0, 12).Select(index => Second(index, milliseconds?.Invoke(index) ?? 10))],
            },
        ],
    };

    private static SecondMeasurement Second(int index, double milliseconds)
    {
        var latency = new LatencyHistogram();
        for (var request = 0; request < 100; request++)
        {
            latency.RecordNanoseconds((long)(milliseconds * Millisecond));
        }

        return new SecondMeasurement
        {
            Index = index,
            Scheduled = 100,
            Succeeded = 100,
            Series = ImmutableDictionary<string, LatencyHistogram>.Empty.Add(Measurement.LatencySeries, latency),
        };
    }
}
