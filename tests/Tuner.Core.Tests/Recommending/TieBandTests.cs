using Tuner.Core.Recommending;
using Tuner.Testing.Sweeps;

namespace Tuner.Core.Tests.Recommending;

public sealed class TieBandTests
{
    [Fact]
    public void Cheapest_comes_first_outside_the_band() =>
        Assert.Equal([4, 5, 1], Order(baseline: 1, (1, 1.03m), (4, 1.00m), (5, 1.015m)));

    [Fact]
    public void Nearest_to_the_baseline_comes_first_inside_the_band() =>
        Assert.Equal([2, 6, 4], Order(baseline: 1, (6, 1.00m), (2, 1.009m), (4, 1.05m)));

    [Fact]
    public void The_band_starts_at_the_cheapest_that_is_left_and_does_not_reach_on_from_one_to_the_next() =>
        Assert.Equal([6, 1, 3], Order(baseline: 1, (6, 1.000m), (3, 1.018m), (1, 1.011m)));

    [Fact]
    public void Without_a_baseline_equal_prices_are_in_the_order_of_their_names() =>
        Assert.Equal([2, 3], Order(baseline: null, (3, 1m), (2, 1m)));

    private static IEnumerable<int> Order(int? baseline, params (int Workers, decimal Price)[] prices)
    {
        var sweep = SmallSweep.Create(baseline);
        var evidence = prices.Select(item => new CandidateEvidence { Candidate = SmallSweep.Workers(item.Workers), CostPerHour = item.Price, Slos = [], Measurements = 1 });
        return TieBand.Order(sweep, evidence).Select(item => (int)item.Candidate["workers"].Number!.Value);
    }
}
