using Tuner.Core.Measurements;
using Tuner.Core.Recommending;
using Tuner.Core.Planning;
using Tuner.Core.Slos;
using Tuner.Core.Space;
using Tuner.Core.Tests.Planning;
using Tuner.Core.Trials;
using Tuner.Testing.Simulation;
using Tuner.Testing.Sweeps;

namespace Tuner.Core.Tests.Slos;

public sealed class RelativeSloTests
{
    [Theory]
    [InlineData("p99 latency <= 1.10 x baseline", 1.1)]
    [InlineData("p99 latency <= 110% of baseline", 1.1)]
    [InlineData("p99 latency <= 2× baseline in peak", 2)]
    public void Reads_limits_as_multiples_of_the_baseline(string text, double factor)
    {
        var slo = Read(text);

        Assert.Equal(new RelativeMetric(new QuantileMetric(Measurement.LatencySeries, 0.99)), slo.Metric);
        Assert.Equal(factor, slo.Limit, 1e-12);
        Assert.Equal(text.EndsWith("peak", StringComparison.Ordinal) ? "peak" : null, slo.Phase);
    }

    [Theory]
    [InlineData("error rate <= 1.1 x baseline", "zero on a good day")]
    [InlineData("p99 latency >= 1.1 x baseline", "Write <=")]
    [InlineData("throughput <= 1.1 x baseline", "Write >=")]
    [InlineData("p99 latency <= 0 x baseline", "no multiple")]
    public void Names_the_cure_where_a_comparison_makes_no_sense(string text, string cure)
    {
        Assert.False(SloSentence.TryRead(text, out _, out var problem));
        Assert.Contains(cure, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(30, SloVerdict.Met)]
    [InlineData(56, SloVerdict.Unknown)]
    [InlineData(90, SloVerdict.Missed)]
    public void Judges_the_ratio_of_what_was_measured_side_by_side(double milliseconds, SloVerdict verdict)
    {
        var assessment = SloJudge.Assess(Read("p99 latency <= 1.10 x baseline"), Three(milliseconds), new JudgingPlan { Looks = 3 }, Three(50));

        Assert.Equal(verdict, assessment.Verdict);
        Assert.Equal(milliseconds / 50, assessment.Estimate!.Value, 0.02);
        Assert.Contains("x baseline", assessment.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_noise_of_the_baseline_widens_the_interval()
    {
        var slo = Read("p99 latency <= 1.10 x baseline");
        double[] scattered = [40, 50, 62];
        var quiet = SloJudge.Assess(slo, Three(50), new JudgingPlan(), Three(50));
        var noisy = SloJudge.Assess(slo, Three(50), new JudgingPlan(), [.. scattered.Select(SmallSweep.Steady)]);

        double Width(SloAssessment assessment) => Math.Log(assessment.Upper!.Value / assessment.Lower!.Value);
        Assert.True(Width(noisy) > 1.15 * Width(quiet), $"{noisy.Reason} and {quiet.Reason}");
    }

    [Fact]
    public void The_baseline_is_once_the_baseline_without_any_noise()
    {
        var own = Three(50);
        var assessment = SloJudge.Assess(Read("p99 latency <= 1 x baseline"), own, new JudgingPlan(), own);

        Assert.Equal((SloVerdict.Met, 1.0, 1.0), (assessment.Verdict, assessment.Lower!.Value, assessment.Upper!.Value));
    }

    [Fact]
    public void A_trial_that_is_watched_is_judged_beside_the_baseline_of_its_own_kind()
    {
        var sweep = SmallSweep.Create(baseline: 3) with { Slos = [Read("p99 latency <= 1.10 x baseline")] };
        Trial Measured(int number, Candidate candidate, TrialPurpose purpose, double milliseconds) =>
            new()
            {
                Id = new TrialId($"small-{number}"), Number = number, Candidate = candidate, Purpose = purpose,
                State = new TrialState.Measured(SmallSweep.Steady(milliseconds)), CreatedAt = DateTimeOffset.UnixEpoch, ChangedAt = DateTimeOffset.UnixEpoch,
            };
        var other = SmallSweep.Workers(1);
        Trial[] trials =
        [
            Measured(1, sweep.Baseline!, TrialPurpose.Baseline, 50),
            Measured(2, other, TrialPurpose.Search, 90),
            Measured(3, sweep.Baseline!, TrialPurpose.Verification, 90),
            Measured(4, other, TrialPurpose.Verification, 90),
        ];
        double? Ratio(Trial trial) => Assert.Single(sweep.JudgeAlone(trial, ((TrialState.Measured)trial.State).Measurement, trials)).Estimate;

        Assert.Equal([1, 1.8, 1, 1], trials.Select(trial => Math.Round(Ratio(trial)!.Value, 1)));
        Assert.Null(Assert.Single(sweep.JudgeAlone(trials[1], SmallSweep.Steady(90), [trials[1]])).Estimate);
    }

    [Fact]
    public void Does_not_know_where_the_baseline_was_not_measured_beside_it()
    {
        var assessment = SloJudge.Assess(Read("p99 latency <= 1.10 x baseline"), Three(20), new JudgingPlan());

        Assert.Equal(SloVerdict.Unknown, assessment.Verdict);
        Assert.Contains("baseline was not measured", assessment.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sweep_recommends_the_cheapest_that_is_not_much_slower_than_today()
    {
        var sweep = SmallSweep.Create(baseline: 6) with { Slos = [Read("p99 latency <= 1.5 x baseline")] };

        // Six workers take 20 ms, five and four a little longer, three take twice as long.
        var (trials, stop) = SweepPlayer.Play(sweep, new InOrder(), (candidate, _) =>
            new TrialState.Measured(SmallSweep.Steady(candidate["workers"].Number switch { 6 => 20, 5 => 21, 4 => 22, var fewer => 130 / fewer!.Value })));
        var use = Assert.IsType<Recommendation.Use>(Recommender.Recommend(sweep, trials, stop));

        Assert.Equal(SmallSweep.Workers(4), use.Winner.Candidate);
        Assert.True(use.Verified, use.NotVerifiedBecause);
        Assert.Equal(1.1, use.Binding.Estimate!.Value, 0.02);
    }

    [Fact]
    public void A_ratio_at_the_limit_is_seldom_decided_and_the_interval_holds_it()
    {
        const int Series = 120;
        var service = new LatencySeries(NoiseFamily.Bursty, RatePerSecond: 60);
        var (slo, plan) = (Read("p99 latency <= 1 x baseline"), new JudgingPlan { Looks = 3 });
        var (met, missed, covered) = (0, 0, 0);
        for (var index = 0; index < Series; index++)
        {
            // The same service on both sides, measured in turn: the true ratio is one.
            var (chance, runs, baseline) = (Chance.For(19, index), new List<Measurement>(), new List<Measurement>());
            var verdicts = new HashSet<SloVerdict>();
            SloAssessment? last = null;
            for (var look = 0; look < plan.Looks; look++)
            {
                baseline.Add(service.Run(20, chance));
                runs.Add(service.Run(20, chance));
                last = SloJudge.Assess(slo, runs, plan, baseline);
                verdicts.Add(last.Verdict);
            }

            met += verdicts.Contains(SloVerdict.Met) ? 1 : 0;
            missed += verdicts.Contains(SloVerdict.Missed) ? 1 : 0;
            covered += last!.Lower <= 1 && last.Upper >= 1 ? 1 : 0;
        }

        Assert.InRange(met, 0, 11);
        Assert.InRange(missed, 0, 11);
        Assert.InRange(covered, 0.93 * Series - 8, Series);
    }

    private static List<Measurement> Three(double milliseconds) => [.. Enumerable.Range(0, 3).Select(_ => SmallSweep.Steady(milliseconds))];

    private static Slo Read(string text) => SloSentence.TryRead(text, out var slo, out var problem) ? slo : throw new InvalidOperationException(problem);
}
