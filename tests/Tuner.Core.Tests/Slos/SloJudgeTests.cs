using System.Collections.Immutable;
using Tuner.Core.Measurements;
using Tuner.Core.Slos;
using Tuner.Testing.Simulation;

namespace Tuner.Core.Tests.Slos;

public sealed class SloJudgeTests
{
    private static readonly JudgingPlan Plan = new() { Looks = 3 };
    private static readonly LatencySeries Service = new(NoiseFamily.Calm, RatePerSecond: 125);

    [Theory]
    [InlineData(2.0, SloVerdict.Met)]
    [InlineData(1.05, SloVerdict.Unknown)]
    [InlineData(0.5, SloVerdict.Missed)]
    public void Decides_a_factor_of_two_from_one_run_of_eight_seconds(double limitOverTruth, SloVerdict expected)
    {
        var assessed = SloJudge.Assess(P99(limitOverTruth * Service.TrueQuantile(0.99)), [Service.Run(8, Chance.For(1, 2))], Plan);
        Assert.Equal(expected, assessed.Verdict);
        Assert.InRange(assessed.Estimate!.Value, assessed.Lower!.Value, assessed.Upper!.Value);
    }

    [Theory]
    [InlineData(2.0, SloVerdict.Met)]
    [InlineData(1.02, SloVerdict.Unknown)]
    [InlineData(0.5, SloVerdict.Missed)]
    public void Judges_the_total_time_of_a_batch_from_the_pace_of_its_answers(double limitOverTruth, SloVerdict expected)
    {
        // 5,000 requests at 125 answers a second take 40 s; a trial that was ended after half of them says so as well.
        var slo = new Slo { Text = "total time <= 40s", Metric = new TotalTimeMetric(5000), Bound = Bound.AtMost, Limit = 40 * limitOverTruth };
        foreach (var seconds in new[] { 20, 40 })
        {
            var assessed = SloJudge.Assess(slo, [Service.Run(seconds, Chance.For(1, 2))], Plan);
            Assert.Equal(expected, assessed.Verdict);
            Assert.InRange(assessed.Estimate!.Value, 38, 42);
        }
    }

    [Fact]
    public void More_repeats_narrow_the_interval()
    {
        var runs = Enumerable.Range(0, 3).Select(index => Service.Run(20, Chance.For(1, index))).ToList();
        var one = SloJudge.Assess(P99(0.1), runs[..1], Plan);
        var three = SloJudge.Assess(P99(0.1), runs, Plan);
        Assert.True(three.Upper / three.Lower < one.Upper / one.Lower);
        Assert.Equal(3, three.Repeats);
    }

    [Fact]
    public void Bursty_seconds_widen_the_interval()
    {
        var bursty = Service with { Noise = NoiseFamily.Bursty };
        var calm = SloJudge.Assess(P99(0.1), [Service.Run(60, Chance.For(1, 1))], Plan);
        var wide = SloJudge.Assess(P99(0.1), [bursty.Run(60, Chance.For(1, 1))], Plan);
        Assert.True(wide.Upper / wide.Lower > 1.3 * calm.Upper / calm.Lower);
        Assert.True(wide.EffectiveRequests < 0.3 * wide.Requests);
    }

    [Fact]
    public void Is_unknown_without_a_valid_measurement_or_without_the_series_or_the_phase()
    {
        var run = Service.Run(8, Chance.For(1, 1));
        var invalid = run with { InvalidReasons = ["the generator was the limit"] };
        Assert.Equal(SloVerdict.Unknown, SloJudge.Assess(P99(10), [invalid], Plan).Verdict);
        Assert.Equal(SloVerdict.Unknown, SloJudge.Assess(P99(10) with { Metric = new QuantileMetric("first-event", 0.99) }, [run], Plan).Verdict);
        Assert.Equal(SloVerdict.Unknown, SloJudge.Assess(P99(10) with { Phase = "peak" }, [run], Plan).Verdict);
    }

    /// <summary>2,500 requests of about 20 ms in ten seconds, and in one of the seconds a stall of 150 ms.</summary>
    [Fact]
    public void One_stalled_second_does_not_hide_that_a_limit_of_twenty_times_the_value_is_met()
    {
        var seconds = Enumerable.Range(0, 10).Select(index =>
        {
            var histogram = new LatencyHistogram();
            for (var request = 0; request < 250; request++)
            {
                var own = 0.018 + (0.006 * request / 250);
                histogram.Record(TimeSpan.FromSeconds(index == 4 ? own + Math.Max(0, 0.15 - (request * 0.004)) : own));
            }

            return SimulatedMeasurement.Second(index, 250, 250, histogram);
        }).ToImmutableArray();
        var run = SimulatedMeasurement.Of("steady", 250, seconds);
        Assert.Equal(SloVerdict.Met, SloJudge.Assess(P99(0.5), [run], Plan).Verdict);
        Assert.Equal(SloVerdict.Unknown, SloJudge.Assess(P99(0.1), [run], Plan).Verdict);
    }

    [Theory]
    [InlineData(0.816, 56_200, 0.9, "at least 816 ms (so little sets no upper bound)")]
    [InlineData(0.816, 1.25, 0.9, "816 ms to 1.25 s")]
    [InlineData(6.0, 8.0, 7.0, "6 s to 8 s")]
    [InlineData(0.0001, 0.0123, 0.001, "100 µs to 12.3 ms")]
    public void Tells_an_interval_in_words_and_a_bound_that_says_nothing_not_at_all(double lower, double upper, double estimate, string expected) =>
        Assert.Equal(expected, SloText.Range(P99(0.5), new MetricInterval { Lower = lower, Upper = upper, Estimate = estimate }));

    [Fact]
    public void Judges_the_error_rate_by_the_rule_of_three()
    {
        var slo = new Slo { Text = "error rate <= 1%", Metric = new ErrorRateMetric(), Bound = Bound.AtMost, Limit = 0.01 };
        Assert.Equal(SloVerdict.Met, SloJudge.Assess(slo, [Failing(8, 100, 0)], Plan).Verdict);
        Assert.Equal(SloVerdict.Unknown, SloJudge.Assess(slo, [Failing(2, 100, 0)], Plan).Verdict);
        Assert.Equal(SloVerdict.Unknown, SloJudge.Assess(slo, [Failing(8, 100, 1)], Plan).Verdict);
        Assert.Equal(SloVerdict.Missed, SloJudge.Assess(slo, [Failing(8, 100, 10)], Plan).Verdict);
    }

    [Fact]
    public void Judges_throughput_against_what_was_scheduled()
    {
        var slo = new Slo { Text = "throughput >= 95/s", Metric = new ThroughputMetric(), Bound = Bound.AtLeast, Limit = 95 };
        Assert.Equal(SloVerdict.Met, SloJudge.Assess(slo, [Failing(8, 100, 0)], Plan).Verdict);
        Assert.Equal(SloVerdict.Missed, SloJudge.Assess(slo, [Failing(8, 100, 50)], Plan).Verdict);
        Assert.Equal(SloVerdict.Met, SloJudge.Assess(slo with { Limit = 100 }, [Failing(8, 100, 0)], Plan).Verdict);
        Assert.Equal(SloVerdict.Missed, SloJudge.Assess(slo with { Limit = 120 }, [Failing(8, 100, 0)], Plan).Verdict);
    }

    [Fact]
    public void A_server_that_answers_everything_but_at_half_the_rate_misses_throughput_and_latency()
    {
        var seconds = Enumerable.Range(0, 8).Select(index =>
        {
            var histogram = new LatencyHistogram();
            for (var request = 0; request < 100; request++)
            {
                histogram.Record(TimeSpan.FromSeconds(0.02 + index + (request / 100.0)));
            }

            return SimulatedMeasurement.Second(index, 100, 100, histogram);
        }).ToImmutableArray();
        var run = SimulatedMeasurement.Of("steady", 100, seconds);
        var throughput = new Slo { Text = "throughput >= 95/s", Metric = new ThroughputMetric(), Bound = Bound.AtLeast, Limit = 95 };
        Assert.Equal(SloVerdict.Missed, SloJudge.Assess(throughput, [run], Plan).Verdict);
        Assert.Equal(SloVerdict.Missed, SloJudge.Assess(P99(0.1), [run], Plan).Verdict);
    }

    private static Measurement Failing(int seconds, int perSecond, int failing)
    {
        var histogram = new LatencyHistogram();
        for (var request = failing; request < perSecond; request++)
        {
            histogram.Record(TimeSpan.FromMilliseconds(10));
        }

        return SimulatedMeasurement.Of("steady", perSecond, [.. Enumerable.Range(0, seconds).Select(index => SimulatedMeasurement.Second(index, perSecond, perSecond - failing, histogram))]);
    }

    private static Slo P99(double seconds) => new()
    {
        Text = "p99 latency",
        Metric = new QuantileMetric(Measurement.LatencySeries, 0.99),
        Bound = Bound.AtMost,
        Limit = seconds,
    };
}
