using Tuner.Core.Planning;
using Tuner.Core.Recommending;
using Tuner.Core.Tests.Planning;
using Tuner.Core.Trials;
using Tuner.Testing.Sweeps;

namespace Tuner.Core.Tests.Recommending;

public sealed class EnvironmentDriftTests
{
    [Fact]
    public void Says_that_the_baseline_became_slower_while_the_sweep_ran()
    {
        var drift = Drift(slower: 25);

        Assert.True(drift.IsReal);
        Assert.InRange(drift.Ratio, 1.8, 2.6);
        Assert.Contains("drifted", drift.Words, StringComparison.Ordinal);
        Assert.True(drift.Between > TimeSpan.Zero);
    }

    [Fact]
    public void Says_nothing_of_a_change_that_is_within_noise()
    {
        var drift = Drift(slower: 1);

        Assert.False(drift.IsReal);
        Assert.InRange(drift.Lower, 0.7, 1);
        Assert.StartsWith("No drift", drift.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Has_nothing_to_compare_without_a_baseline()
    {
        var sweep = SmallSweep.Create();
        var (trials, _) = SweepPlayer.Play(sweep, new InOrder(), (_, _) => new TrialState.Measured(SmallSweep.Steady(20)));

        Assert.Null(EnvironmentDrift.Of(new SweepStanding(sweep, trials)));
    }

    /// <summary>Everything takes 20 ms while searching, and so much more afterwards.</summary>
    private static EnvironmentDrift Drift(double slower)
    {
        var sweep = SmallSweep.Create(baseline: 6);
        var (trials, _) = SweepPlayer.Play(sweep, new InOrder(), (_, number) => new TrialState.Measured(SmallSweep.Steady(number > 6 ? 20 + slower : 20)));
        var later = trials.Select(trial => trial with { CreatedAt = DateTimeOffset.UnixEpoch.AddMinutes(trial.Number) }).ToList();
        return EnvironmentDrift.Of(new SweepStanding(sweep, later))!;
    }
}
