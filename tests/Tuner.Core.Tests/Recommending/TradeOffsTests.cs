using System.Collections.Immutable;
using Tuner.Core.Planning;
using Tuner.Core.Recommending;
using Tuner.Core.Sweeps;
using Tuner.Core.Tests.Planning;
using Tuner.Core.Trials;
using Tuner.Testing.Sweeps;

namespace Tuner.Core.Tests.Recommending;

public sealed class TradeOffsTests
{
    [Fact]
    public void Leaves_on_the_front_what_nothing_cheaper_is_as_fast_as()
    {
        // Three and five workers are slower than what costs less.
        var offs = Of(milliseconds: [400, 50, 60, 40, 45, 10]);

        Assert.Equal([1, 2, 4, 6], offs.Front.Select(point => (int)point.Candidate["workers"].Number!.Value));
        Assert.All(offs.Points, point => Assert.InRange(point.ThroughputPerSecond, 99, 101));
    }

    [Fact]
    public void Picks_for_those_who_care_for_cost_for_latency_and_for_both()
    {
        // Cost times latency: 2 x 50, 4 x 15, 6 x 14.
        var offs = Of(milliseconds: [400, 50, 45, 15, 20, 14]);

        Assert.Equal(SmallSweep.Workers(2), offs.ForCost?.Candidate);
        Assert.Equal(SmallSweep.Workers(6), offs.ForLatency?.Candidate);
        Assert.Equal(SmallSweep.Workers(4), offs.Balanced?.Candidate);
    }

    [Fact]
    public void Picks_nothing_where_nothing_meets_the_slos()
    {
        var offs = Of(milliseconds: [900, 800, 700, 600, 500, 400]);

        Assert.Null(offs.ForCost);
        Assert.Null(offs.ForLatency);
        Assert.Null(offs.Balanced);
        Assert.Equal(6, offs.Front.Count());
    }

    [Fact]
    public void Goes_by_what_is_minimized_where_a_trial_measures_it()
    {
        // More workers cost more per hour, and fewer joules: the front runs the other way.
        var sweep = SmallSweep.Create(verificationRepeats: 0) with { Objective = Objective.ReportedMetric, Minimized = "joules" };
        var (trials, _) = SweepPlayer.Play(sweep, new InOrder(), (candidate, _) =>
        {
            var workers = candidate["workers"].Number!.Value;
            var joules = ImmutableSortedDictionary<string, double>.Empty.Add("joules", 60 - (workers * 6));
            return new TrialState.Measured(SmallSweep.Steady(20 + workers) with { Reported = joules });
        });
        var offs = TradeOffs.Of(new SweepStanding(sweep, trials), recommended: null);

        Assert.Equal([24, 30, 36, 42, 48, 54], offs.Front.Select(point => point.Cost));
        Assert.Equal(SmallSweep.Workers(6), offs.ForCost?.Candidate);
        Assert.Equal(SmallSweep.Workers(1), offs.ForLatency?.Candidate);
    }

    private static TradeOffs Of(double[] milliseconds)
    {
        var sweep = SmallSweep.Create(verificationRepeats: 0);
        var (trials, stop) = SweepPlayer.Play(sweep, new InOrder(), (candidate, _) =>
            new TrialState.Measured(SmallSweep.Steady(milliseconds[(int)candidate["workers"].Number!.Value - 1])));
        var recommended = (Recommender.Recommend(sweep, trials, stop) as Recommendation.Use)?.Winner.Candidate;
        return TradeOffs.Of(new SweepStanding(sweep, trials), recommended);
    }
}
