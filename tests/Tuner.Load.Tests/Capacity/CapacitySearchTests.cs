using Tuner.Load.Capacity;

namespace Tuner.Load.Tests.Capacity;

public class CapacitySearchTests
{
    [Theory]
    [InlineData(10, 137)]
    [InlineData(100, 100.5)]
    [InlineData(100, 2_400)]
    [InlineData(500, 41)]
    [InlineData(1_000, 1_950)]
    public async Task Finds_the_knee_of_a_queue_within_five_percent_in_at_most_twelve_loads(double start, double knee)
    {
        // A queue with exponential service (M/M/1): p99 of the time in it is ln(100) / (mu - lambda).
        var limit = 0.050;
        var service = knee + (Math.Log(100) / limit);
        Task<CapacityProbe> Probe(double rate, CancellationToken token)
        {
            var p99 = rate < service ? Math.Log(100) / (service - rate) : double.PositiveInfinity;
            return Task.FromResult(new CapacityProbe(rate, p99 <= limit, ""));
        }

        var result = await new CapacitySearch().FindAsync(start, Probe, CancellationToken.None);

        Assert.InRange(result.RatePerSecond!.Value, knee * 0.95, knee);
        Assert.InRange(result.Probes.Length, 1, 12);
        Assert.Null(result.Warning);
    }

    [Fact]
    public async Task Warns_where_a_rate_that_held_fails_the_second_time()
    {
        var seen = new HashSet<double>();

        var result = await new CapacitySearch().FindAsync(
            100,
            (rate, _) => Task.FromResult(new CapacityProbe(rate, rate < 170 && (rate < 150 || seen.Add(rate)), "")),
            CancellationToken.None);

        Assert.Contains("not monotone", result.Warning, StringComparison.Ordinal);
        Assert.InRange(result.RatePerSecond!.Value, 100, 160);
    }

    [Fact]
    public async Task Says_so_where_nothing_holds_and_where_everything_does()
    {
        var nothing = await new CapacitySearch().FindAsync(100, (rate, _) => Task.FromResult(new CapacityProbe(rate, false, "")), CancellationToken.None);
        var everything = await new CapacitySearch().FindAsync(100, (rate, _) => Task.FromResult(new CapacityProbe(rate, true, "")), CancellationToken.None);

        Assert.Null(nothing.RatePerSecond);
        Assert.Equal(12, nothing.Probes.Length);
        Assert.Null(everything.FailsAt);
        Assert.Contains("no limit was found", everything.Warning, StringComparison.Ordinal);
    }
}
