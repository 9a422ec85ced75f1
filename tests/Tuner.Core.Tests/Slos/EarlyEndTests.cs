using System.Collections.Immutable;
using Tuner.Core.Loads;
using Tuner.Core.Measurements;
using Tuner.Core.Slos;
using Tuner.Testing.Simulation;

namespace Tuner.Core.Tests.Slos;

public sealed class EarlyEndTests
{
    private static readonly LatencySeries Service = new(NoiseFamily.Calm, RatePerSecond: 125);
    private static readonly JudgingPlan Plan = new() { Looks = 3 };

    [Fact]
    public void Ends_a_trial_whose_latency_is_far_beyond_the_limit_and_the_judge_agrees()
    {
        var (seconds, reason, ended) = Watch(P99(Service.TrueQuantile(0.99) / 4), Service.Run(20, Chance.For(1, 1)));
        Assert.InRange(seconds, 3, 12);
        Assert.StartsWith("hopeless", reason, StringComparison.Ordinal);
        Assert.Equal(SloVerdict.Missed, SloJudge.Assess(P99(Service.TrueQuantile(0.99) / 4), [ended], Plan).Verdict);
    }

    [Fact]
    public void Ends_a_hopeless_trial_sooner_where_a_look_may_be_wrong_more_often_and_calls_no_more_good()
    {
        var (hopeless, good) = (P99(Service.TrueQuantile(0.99) / 1.6), P99(1.6 * Service.TrueQuantile(0.99)));
        var whole = Service.Run(20, Chance.For(1, 1));

        Assert.True(Watch(hopeless, whole, strictness: 0.05).Seconds < Watch(hopeless, whole).Seconds);
        Assert.Equal(Watch(good, whole).Seconds, Watch(good, whole, strictness: 0.05).Seconds);
    }

    [Fact]
    public void Ends_a_clearly_good_trial_and_the_judge_agrees()
    {
        var limit = P99(3 * Service.TrueQuantile(0.99));
        var (seconds, reason, ended) = Watch(limit, Service.Run(20, Chance.For(1, 1)));
        Assert.InRange(seconds, 6, 15);
        Assert.StartsWith("clearly good", reason, StringComparison.Ordinal);
        Assert.Equal(SloVerdict.Met, SloJudge.Assess(limit, [ended], Plan).Verdict);
    }

    [Fact]
    public void Goes_on_where_the_limit_is_near()
    {
        var (seconds, reason, _) = Watch(P99(1.1 * Service.TrueQuantile(0.99)), Service.Run(20, Chance.For(1, 1)));
        Assert.Equal(20, seconds);
        Assert.Null(reason);
    }

    [Fact]
    public void Leaves_good_trials_alone_when_told_to()
    {
        var early = Early(P99(10)) with { GoodToo = false };
        Assert.Null(early.Look(SimulatedMeasurement.SoFar(Service.Run(20, Chance.For(1, 1)), 19)));
    }

    [Fact]
    public void Ends_a_trial_whose_queue_only_grows()
    {
        var (seconds, reason, ended) = Watch(P99(0.2), Growing(latencyPerSecond: 0.4));
        Assert.InRange(seconds, 4, 12);
        Assert.StartsWith("hopeless", reason, StringComparison.Ordinal);
        Assert.Equal(SloVerdict.Missed, SloJudge.Assess(P99(0.2), [ended], Plan).Verdict);
    }

    [Fact]
    public void Ends_a_trial_in_which_half_the_requests_fail()
    {
        var slo = new Slo { Text = "error rate <= 1%", Metric = new ErrorRateMetric(), Bound = Bound.AtMost, Limit = 0.01 };
        var histogram = new LatencyHistogram();
        histogram.Record(TimeSpan.FromMilliseconds(10));
        var failing = SimulatedMeasurement.Of("steady", 100, [.. Enumerable.Range(0, 20).Select(index => SimulatedMeasurement.Second(index, 100, 50, histogram))]);
        var (seconds, reason, _) = Watch(slo, failing);
        Assert.InRange(seconds, 3, 5);
        Assert.Contains("error rate", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Does_not_judge_all_phases_before_the_last_one_runs()
    {
        var run = Service.Run(20, Chance.For(1, 1));
        var load = Early(P99(0.001)).Load with { Phases = [new RatePhase("steady", TimeSpan.FromSeconds(20), 125), new RatePhase("peak", TimeSpan.FromSeconds(20), 250)] };
        Assert.Null((Early(P99(0.001)) with { Load = load }).Look(SimulatedMeasurement.SoFar(run, 20)));
        Assert.NotNull((Early(P99(0.001) with { Phase = "steady" }) with { Load = load }).Look(SimulatedMeasurement.SoFar(run, 20)));
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(20, false)]
    public void Nothing_is_clearly_good_while_requests_are_older_than_the_end_would_wait_for(int secondsToAnswer, bool good)
    {
        var slo = new Slo { Text = "error rate <= 5%", Metric = new ErrorRateMetric(), Bound = Bound.AtMost, Limit = 0.05 };
        var answered = new LatencyHistogram();
        answered.Record(TimeSpan.FromSeconds(secondsToAnswer));
        var soFar = SimulatedMeasurement.Of("steady", 100, [.. Enumerable.Range(0, 8).Select(index => index + secondsToAnswer < 8
            ? SimulatedMeasurement.Second(index, 100, 100, answered)
            : SimulatedMeasurement.Second(index, 100, 0, new LatencyHistogram()) with { Errors = ImmutableDictionary<string, long>.Empty })]);

        Assert.Equal(good, Early(slo).Look(soFar.Phases) is not null);
    }

    private static (int Seconds, string? Reason, Measurement Ended) Watch(Slo slo, Measurement whole, double? strictness = null)
    {
        var early = Early(slo) with { HopelessStrictness = strictness };
        for (var seconds = 1; seconds < 20; seconds++)
        {
            if (early.Look(SimulatedMeasurement.SoFar(whole, seconds)) is { } reason)
            {
                return (seconds, reason, SimulatedMeasurement.EndedAfter(whole, seconds, reason));
            }
        }

        return (20, null, whole);
    }

    private static Measurement Growing(double latencyPerSecond) =>
        SimulatedMeasurement.Of("steady", 100, Enumerable.Range(0, 20).Select(index =>
        {
            var histogram = new LatencyHistogram();
            for (var request = 0; request < 100; request++)
            {
                histogram.Record(TimeSpan.FromSeconds(0.05 + (latencyPerSecond * (index + (request / 100.0)))));
            }

            return SimulatedMeasurement.Second(index, 100, 100, histogram);
        }).ToImmutableArray());

    private static EarlyEnd Early(Slo slo) => new(
        [slo],
        new LoadProfile { Request = new RequestTemplate(), Arrival = Arrival.Poisson, Phases = [new RatePhase("steady", TimeSpan.FromSeconds(20), 125)] },
        Plan);

    private static Slo P99(double seconds) => new()
    {
        Text = "p99 latency",
        Metric = new QuantileMetric(Measurement.LatencySeries, 0.99),
        Bound = Bound.AtMost,
        Limit = seconds,
    };
}
