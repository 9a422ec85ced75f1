using Tuner.Core.Loads;
using Tuner.Core.Slos;
using Tuner.Core.Sweeps;

namespace Tuner.Core.Tests.Slos;

public sealed class SloDecidabilityTests
{
    [Theory]
    [InlineData(0.99, 0.95, 299)]
    [InlineData(0.95, 0.95, 59)]
    [InlineData(0.5, 0.95, 5)]
    [InlineData(0.999, 0.95, 2995)]
    [InlineData(0.99, 0.99, 459)]
    public void A_percentile_needs_its_order_statistic_bound(double quantile, double confidence, long expected)
    {
        var needed = SloDecidability.Quantile(quantile, confidence);

        Assert.Equal(expected, needed);
        Assert.True(Math.Pow(quantile, needed) <= 1 - confidence && Math.Pow(quantile, needed - 1) > 1 - confidence);
    }

    [Theory]
    [InlineData(0.01, 300)]
    [InlineData(0.001, 3000)]
    [InlineData(0.05, 60)]
    public void An_error_rate_needs_three_over_it(double limit, long expected) => Assert.Equal(expected, SloDecidability.ErrorRate(limit, 0.95));

    [Theory]
    [InlineData("error rate <= 1%", 100, true)]
    [InlineData("error rate <= 1%", 99, false)]
    [InlineData("p99 latency <= 1s", 1000, true)]
    [InlineData("p99 latency <= 1s", 999, false)]
    [InlineData("mean latency <= 1s", 1, true)]
    [InlineData("throughput >= 100/s", 100, true)]
    [InlineData("throughput >= 101/s", 100, false)]
    public void Counts_the_requests_of_the_repeats_against_the_need(string text, double rate, bool decidable)
    {
        // One second a trial, three trials.
        var seconds = text.StartsWith('t') ? 10 : 1;
        var verdict = SloDecidability.Of(Slo(text), Load(new RatePhase("a", TimeSpan.FromSeconds(seconds), rate)), new MeasurementSettings(), new VerificationSettings());

        Assert.Equal((decidable, 3), (verdict.CanDecide, verdict.Trials));
    }

    [Fact]
    public void The_stage_with_the_fewest_repeats_counts()
    {
        var load = Load(new RatePhase("a", TimeSpan.FromSeconds(10), 25));

        Assert.False(SloDecidability.Of(Slo("error rate <= 1%"), load, new MeasurementSettings { MaxRepeats = 3 }, new VerificationSettings { Repeats = 1 }).CanDecide);
        Assert.False(SloDecidability.Of(Slo("error rate <= 1%"), load, new MeasurementSettings { MaxRepeats = 1 }, new VerificationSettings { Repeats = 3 }).CanDecide);
        Assert.True(SloDecidability.Of(Slo("error rate <= 1%"), load, new MeasurementSettings { MaxRepeats = 2 }, new VerificationSettings { Repeats = 0 }).CanDecide);
    }

    [Fact]
    public void Names_the_duration_that_could_decide_and_it_does()
    {
        var slo = Slo("error rate <= 0.1% in peak");
        var brief = Load(new RatePhase("idle", TimeSpan.FromSeconds(600), 100), new RatePhase("peak", TimeSpan.FromSeconds(10), 50));
        var verdict = SloDecidability.Of(slo, brief, new MeasurementSettings(), new VerificationSettings());

        Assert.False(verdict.CanDecide);
        Assert.Contains("Let the phase 'peak' last 20s in all (now 10s)", verdict.Reason, StringComparison.Ordinal);
        Assert.True(SloDecidability.Of(slo, Load(new RatePhase("peak", TimeSpan.FromSeconds(20), 50)), new MeasurementSettings(), new VerificationSettings()).CanDecide);
    }

    private static Slo Slo(string text) => SloSentence.TryRead(text, out var slo, out var problem) ? slo : throw new InvalidOperationException(problem);

    private static LoadProfile Load(params Phase[] phases) => new() { Request = new RequestTemplate(), Arrival = Arrival.Constant, Phases = [.. phases] };
}
