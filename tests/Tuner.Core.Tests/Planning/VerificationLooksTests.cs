using Tuner.Core.Planning;
using Tuner.Core.Slos;
using Tuner.Core.Sweeps;
using Tuner.Testing.Sweeps;

namespace Tuner.Core.Tests.Planning;

public sealed class VerificationLooksTests
{
    private static readonly Slo Limit = SmallSweep.P99(100);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(5, 3)]
    [InlineData(6, 6)]
    [InlineData(11, 6)]
    [InlineData(20, 12)]
    [InlineData(25, 21)]
    public void Judges_fresh_trials_as_they_were_at_the_last_planned_look(int measurements, int seen) =>
        Assert.Equal(seen, VerificationLooks.SeenOf(Verifying(3), measurements));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Pays_for_as_many_looks_as_there_may_be(int repeats)
    {
        var sweep = Verifying(repeats);
        var looks = Enumerable.Range(1, Math.Max(1, VerificationLooks.Most(sweep))).Select(measurements => VerificationLooks.SeenOf(sweep, measurements)).Distinct().Count();

        Assert.Equal(looks, VerificationLooks.Count(sweep));
        Assert.Equal(looks, sweep.Judging(verifying: true).Looks);
    }

    [Fact]
    public void The_chance_of_being_met_later_grows_with_the_margin_and_with_the_measurements()
    {
        Assert.True(Likelihood.MetAfter(After(3, 0.085), 12) > Likelihood.MetAfter(After(3, 0.085), 6));
        Assert.True(Likelihood.MetAfter(After(3, 0.085), 12) > Likelihood.MetAfter(After(3, 0.095), 12));
        Assert.InRange(Likelihood.MetAfter(After(3, 0.095), 6), 0, 0.2);
        Assert.InRange(Likelihood.MetAfter(After(3, 0.105), 21), 0, 0.05);
    }

    [Fact]
    public void An_interval_that_is_missing_so_far_may_come_with_more_measurements_and_a_value_that_is_missing_does_not()
    {
        Assert.True(Likelihood.MetAfter(After(3, 0.06) with { Upper = null }, 6) > 0.9);
        Assert.Equal(0, Likelihood.MetAfter(After(3, 0.06) with { Estimate = null, Upper = null }, 6));
    }

    private static Sweep Verifying(int repeats) => SmallSweep.Create() with { Verification = new VerificationSettings { Repeats = repeats } };

    private static SloAssessment After(int repeats, double estimate) => new()
    {
        Slo = Limit,
        Verdict = SloVerdict.Unknown,
        Estimate = estimate,
        Lower = estimate * 0.8,
        Upper = estimate * 1.25,
        Repeats = repeats,
        WithinDeviation = 0.06,
        BetweenDeviation = 0.06,
        Reason = "",
    };
}
