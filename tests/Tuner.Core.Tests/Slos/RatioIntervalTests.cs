using Tuner.Core.Measurements;
using Tuner.Core.Slos;
using Tuner.Testing.Simulation;

namespace Tuner.Core.Tests.Slos;

public sealed class RatioIntervalTests
{
    private static readonly SloMetric P99 = new QuantileMetric(Measurement.LatencySeries, 0.99);
    private static readonly JudgingPlan Plan = new();

    [Fact]
    public void Holds_the_true_ratio_in_nineteen_of_twenty_comparisons()
    {
        var reference = new LatencySeries(NoiseFamily.Calm, RatePerSecond: 60);
        var subject = reference with { MedianSeconds = 0.9 * reference.MedianSeconds };
        var held = Enumerable.Range(0, 200).Count(index =>
        {
            var chance = Chance.For(41, index);
            var pairs = Enumerable.Range(0, 3).Select(_ => (subject.Run(10, chance), reference.Run(10, chance))).ToList();
            var ratio = RatioInterval.Of(P99, phase: null, pairs, Plan)!;
            return ratio.Lower <= 0.9 && ratio.Upper >= 0.9;
        });
        Assert.InRange(held, 184, 200);
    }

    [Fact]
    public void Tells_a_clear_difference_from_three_pairs_and_no_difference_from_the_same_service()
    {
        var service = new LatencySeries(NoiseFamily.Calm, RatePerSecond: 60);
        var slower = service with { MedianSeconds = 1.5 * service.MedianSeconds };
        Assert.True(Compare(slower, service).IsDifferent);
        Assert.False(Compare(service, service).IsDifferent);
        Assert.Equal(3, Compare(service, service).Pairs);
    }

    [Fact]
    public void Says_nothing_without_the_metric()
    {
        var run = new LatencySeries(NoiseFamily.Calm, RatePerSecond: 60).Run(5, Chance.For(1, 1));
        Assert.Null(RatioInterval.Of(new QuantileMetric("first-event", 0.99), phase: null, [(run, run)], Plan));
        Assert.Null(RatioInterval.Of(P99, phase: null, [], Plan));
    }

    private static RatioInterval Compare(LatencySeries subject, LatencySeries reference)
    {
        var chance = Chance.For(42, 1);
        return RatioInterval.Of(P99, phase: null, [.. Enumerable.Range(0, 3).Select(_ => (subject.Run(10, chance), reference.Run(10, chance)))], Plan)!;
    }
}
