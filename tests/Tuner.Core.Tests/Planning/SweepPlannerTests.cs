using Tuner.Core.Planning;
using Tuner.Core.Recommending;
using Tuner.Core.Search;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Testing.Sweeps;

namespace Tuner.Core.Tests.Planning;

public sealed class SweepPlannerTests
{
    [Fact]
    public void Measures_the_baseline_first_then_every_proposal_then_verifies_interleaved()
    {
        var sweep = SmallSweep.Create(baseline: 6);

        var (trials, stop) = SweepPlayer.Play(sweep, new InOrder(), TwoWorkersAreEnough);

        Assert.Equal(
            ["Baseline 6", "Search 1", "Search 2", "Search 3", "Search 4", "Search 5", "Verification 6", "Verification 2", "Verification 6", "Verification 2"],
            Described(trials));
        Assert.Equal(StopKind.Decided, stop.Kind);
    }

    [Fact]
    public void Runs_a_trial_again_that_taught_nothing_but_at_most_twice()
    {
        var sweep = SmallSweep.Create(verificationRepeats: 0);

        var (trials, _) = SweepPlayer.Play(sweep, new InOrder(), (candidate, _) =>
            candidate.Equals(SmallSweep.Workers(3)) ? new TrialState.Invalid("the generator was the limit", null) : TwoWorkersAreEnough(candidate, 0));

        Assert.Equal(["Search 1", "Search 2", "Search 3", "Search 3", "Search 3", "Search 4", "Search 5", "Search 6"], Described(trials));
    }

    [Fact]
    public void Repeats_a_trial_that_a_restart_interrupted_as_often_as_it_takes()
    {
        var sweep = SmallSweep.Create(verificationRepeats: 0);

        var (trials, _) = SweepPlayer.Play(sweep, new InOrder(), (candidate, number) =>
            number <= 5 ? new TrialState.Interrupted("stopped", ByRestart: true) : TwoWorkersAreEnough(candidate, number));

        Assert.Equal(6, Described(trials).Count(trial => trial == "Search 1"));
        Assert.Equal("Search 2", Described(trials)[6]);
    }

    [Fact]
    public void Does_not_measure_a_failed_candidate_again()
    {
        var sweep = SmallSweep.Create();

        var (trials, _) = SweepPlayer.Play(sweep, new InOrder(), (candidate, _) =>
            candidate.Equals(SmallSweep.Workers(2)) ? new TrialState.CandidateFailed(FailureKind.ExitedAtStart, "exit code 1", "") : TwoWorkersAreEnough(candidate, 0));

        Assert.Single(Described(trials), trial => trial.EndsWith(" 2", StringComparison.Ordinal));
    }

    [Fact]
    public void Repeats_an_undecided_candidate_only_where_it_could_change_the_answer()
    {
        var sweep = SmallSweep.Create(verificationRepeats: 0);

        // Two workers sit at the limit, four as well; three are clearly enough.
        var (trials, _) = SweepPlayer.Play(sweep, new InOrder(), (candidate, _) => new TrialState.Measured(SmallSweep.Steady(candidate["workers"].Number switch
        {
            1 => 400,
            2 or 4 => 101,
            _ => 20,
        })));

        Assert.Equal(sweep.Measurement.MaxRepeats, Described(trials).Count(trial => trial.EndsWith(" 2", StringComparison.Ordinal)));
        Assert.Single(Described(trials), trial => trial.EndsWith(" 4", StringComparison.Ordinal));
    }

    [Fact]
    public void Rules_out_what_is_unlikely_but_open_before_it_says_that_nothing_is_feasible()
    {
        var sweep = SmallSweep.Create();

        var (trials, stop) = SweepPlayer.Play(sweep, new InOrder(), (candidate, _) =>
            new TrialState.Measured(SmallSweep.Steady(candidate["workers"].Number switch { 3 => 112, 5 => 111, _ => 400 })));

        Assert.Equal(["Repeat 5", "Repeat 3"], Described(trials).Skip(6).Distinct());
        Assert.IsType<Recommendation.NothingFeasible>(Recommender.Recommend(sweep, trials, stop));
    }

    [Fact]
    public void Leaves_the_unlikely_open_where_another_one_stays_open_anyway()
    {
        var sweep = SmallSweep.Create();

        var (trials, stop) = SweepPlayer.Play(sweep, new InOrder(), (candidate, _) =>
            new TrialState.Measured(SmallSweep.Steady(candidate["workers"].Number switch { 3 => 112, 5 => 101, _ => 400 })));

        Assert.DoesNotContain("Repeat 3", Described(trials));
        Assert.IsType<Recommendation.Inconclusive>(Recommender.Recommend(sweep, trials, stop));
    }

    [Fact]
    public void Keeps_trials_back_for_verification()
    {
        var sweep = SmallSweep.Create(baseline: 6, budget: new SweepBudget { Trials = 7 });

        var (trials, stop) = SweepPlayer.Play(sweep, new InOrder(), TwoWorkersAreEnough);

        Assert.Equal(["Baseline 6", "Search 1", "Search 2", "Verification 6", "Verification 2", "Verification 6", "Verification 2"], Described(trials));
        Assert.Equal(StopKind.Decided, stop.Kind);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1)]
    public void Never_starts_more_trials_than_the_budget_has(int budget)
    {
        var sweep = SmallSweep.Create(baseline: 6, budget: new SweepBudget { Trials = budget });

        var (trials, _) = SweepPlayer.Play(sweep, new InOrder(), (_, _) => new TrialState.Measured(SmallSweep.Steady(400)));

        Assert.True(trials.Count <= budget);
    }

    [Fact]
    public void Stops_before_the_wall_time_is_over()
    {
        // Each trial takes 25 s: the fourth would end at 100 s.
        var sweep = SmallSweep.Create(budget: new SweepBudget { WallTime = TimeSpan.FromSeconds(90) }, verificationRepeats: 0);

        var (trials, stop) = SweepPlayer.Play(sweep, new InOrder(), TwoWorkersAreEnough);

        Assert.Equal(3, trials.Count);
        Assert.Equal(StopKind.TimeBudget, stop.Kind);
    }

    [Fact]
    public void Stops_before_the_money_is_spent()
    {
        // A trial of one worker costs 1 USD x 25 s, of two workers twice that, of three three times.
        var sweep = SmallSweep.Create(budget: new SweepBudget { Money = 25m / 3600 * 5.9m }, verificationRepeats: 0);

        var (trials, stop) = SweepPlayer.Play(sweep, new InOrder(), TwoWorkersAreEnough);

        Assert.Equal(["Search 1", "Search 2"], Described(trials));
        Assert.Equal(StopKind.MoneyBudget, stop.Kind);
    }

    [Fact]
    public void Gives_up_after_too_many_failures()
    {
        var sweep = SmallSweep.Create(budget: new SweepBudget { Failures = 2 });

        var (trials, stop) = SweepPlayer.Play(sweep, new InOrder(), (_, _) => new TrialState.CandidateFailed(FailureKind.NeverReady, "no answer", ""));

        Assert.Equal(2, trials.Count);
        Assert.Equal(StopKind.FailureBudget, stop.Kind);
    }

    [Fact]
    public void Ends_early_where_no_candidate_ever_answers_a_request()
    {
        var (trials, stop) = SweepPlayer.Play(SmallSweep.Create(), new InOrder(), (_, _) => new TrialState.Measured(SmallSweep.Failing("status 403")));

        Assert.Equal(3, trials.Count);
        Assert.Equal(StopKind.NothingAnswers, stop.Kind);
        Assert.Contains("status 403", stop.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Goes_on_to_the_next_finalist_where_fresh_measurements_do_not_confirm_the_first()
    {
        var sweep = SmallSweep.Create();

        // Two workers look good once, and never again.
        var (trials, _) = SweepPlayer.Play(sweep, new InOrder(), (candidate, number) =>
            new TrialState.Measured(SmallSweep.Steady(candidate["workers"].Number switch { 1 => 400, 2 when number > 2 => 300, _ => 20 })));

        Assert.Equal(["Verification 2", "Verification 3", "Verification 3"], Described(trials).Where(trial => trial.StartsWith("Verification", StringComparison.Ordinal)));
    }

    [Fact]
    public void Measures_a_finalist_again_whose_fresh_trials_leave_it_undecided()
    {
        var sweep = SmallSweep.Create();

        // Two workers look good while searching; the first fresh trials come out near the limit, the later ones clear.
        var fresh = 0;
        var (trials, _) = SweepPlayer.Play(sweep, new InOrder(), (candidate, number) => new TrialState.Measured(SmallSweep.Steady(candidate["workers"].Number switch
        {
            1 => 400,
            2 when number > 6 => fresh++ < 2 ? 94 : 10,
            _ => 20,
        })));

        Assert.InRange(Described(trials).Count(trial => trial == "Verification 2"), sweep.Verification.Repeats + 1, VerificationLooks.Most(sweep));
    }

    [Fact]
    public void Keeps_enough_of_the_budget_to_verify_a_finalist_that_is_clear_beside_an_open_one()
    {
        // Two workers stay near the limit, whatever is measured; three are far within it.
        var sweep = SmallSweep.Create(budget: new SweepBudget { Trials = 12 });
        var (trials, stop) = SweepPlayer.Play(sweep, new InOrder(), (candidate, _) =>
            new TrialState.Measured(SmallSweep.Steady(candidate["workers"].Number switch { 1 => 400, 2 => 93, _ => 20 })));

        Assert.True(Described(trials).Count(trial => trial == "Verification 2") > sweep.Verification.Repeats);
        Assert.Equal(["Verification 3", "Verification 3"], Described(trials).TakeLast(2));
        var use = Assert.IsType<Recommendation.Use>(Recommender.Recommend(sweep, trials, stop));
        Assert.True(use.Verified);
        Assert.Equal(SmallSweep.Workers(3), use.Winner.Candidate);
        Assert.Equal(SmallSweep.Workers(2), use.CheaperUndecided?.Candidate);
    }

    [Fact]
    public void Keeps_enough_of_the_budget_to_verify_the_likeliest_finalist_where_none_is_clear()
    {
        // Two workers stay near the limit, whatever is measured; the others look open once, and are clear when measured afresh.
        var sweep = SmallSweep.Create(budget: new SweepBudget { Trials = 12 });
        var (trials, stop) = SweepPlayer.Play(sweep, new InOrder(), (candidate, number) =>
            new TrialState.Measured(SmallSweep.Steady(candidate["workers"].Number switch { 1 => 400, 2 => 93, 3 => number <= 6 ? 90 : 20, _ => 92 })));

        Assert.True(Described(trials).Count(trial => trial == "Verification 2") > sweep.Verification.Repeats);
        Assert.Equal(["Verification 3", "Verification 3"], Described(trials).TakeLast(2));
        Assert.Equal(SmallSweep.Workers(3), Assert.IsType<Recommendation.Use>(Recommender.Recommend(sweep, trials, stop)).Winner.Candidate);
    }

    [Fact]
    public void Searches_on_where_fresh_trials_refute_what_ended_the_search()
    {
        // Four workers look good once: the strategy sees nothing cheaper, and is asked again when that turns out wrong.
        var (trials, stop) = SweepPlayer.Play(SmallSweep.Create(), new ContentWithTheFirst(), (candidate, number) =>
            new TrialState.Measured(SmallSweep.Steady(candidate["workers"].Number switch { 6 => 20, 4 when number == 1 => 20, _ => 400 })));

        Assert.Equal(["Search 4", "Verification 4", "Search 5", "Search 6", "Verification 6", "Verification 6"], Described(trials));
        Assert.Contains("content", stop.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Measures_a_likely_candidate_afresh_at_once_instead_of_repeating_it_while_searching()
    {
        var (trials, _) = SweepPlayer.Play(SmallSweep.Create(), new InOrder(), (candidate, number) => new TrialState.Measured(SmallSweep.Steady(candidate["workers"].Number switch
        {
            1 => 400,
            2 => number > 6 ? 20 : 97,
            _ => 20,
        })));

        Assert.DoesNotContain(trials, trial => trial.Purpose is TrialPurpose.Repeat);
        Assert.Equal(["Verification 2", "Verification 2"], Described(trials).Skip(6));
    }

    [Theory]
    [InlineData(null, 2)]
    [InlineData(8, 1)]
    public void Measures_a_finalist_that_looked_good_in_short_no_further_where_its_fresh_trial_leaves_little_chance(int? screening, int measured)
    {
        var sweep = SmallSweep.Create() with { Search = new SearchSettings { Screening = screening is { } seconds ? TimeSpan.FromSeconds(seconds) : null } };

        // Two workers look open while searching, and are a little over the limit when measured afresh.
        var (trials, _) = SweepPlayer.Play(sweep, new InOrder(), (candidate, number) =>
            new TrialState.Measured(SmallSweep.Steady(candidate["workers"].Number switch { 1 => 400, 2 => number > 6 ? 105 : 93, _ => 20 })));

        Assert.Equal(measured, Described(trials).Count(trial => trial == "Verification 2"));
        Assert.Equal(["Verification 3", "Verification 3"], Described(trials).TakeLast(2));
    }

    [Fact]
    public void Gives_up_a_finalist_that_more_measurements_could_not_decide()
    {
        var sweep = SmallSweep.Create();

        var (trials, _) = SweepPlayer.Play(sweep, new InOrder(), (candidate, _) =>
            new TrialState.Measured(SmallSweep.Steady(candidate["workers"].Number switch { 1 => 400, 2 => 99, _ => 20 })));

        Assert.Equal(sweep.Verification.Repeats, Described(trials).Count(trial => trial == "Verification 2"));
        Assert.Equal(["Verification 3", "Verification 3"], Described(trials).TakeLast(2));
    }

    [Fact]
    public void Tells_the_strategy_what_was_measured_of_those_that_were_missed_or_given_up_and_that_they_are_no_answer()
    {
        var sweep = SmallSweep.Create();
        var (trials, _) = SweepPlayer.Play(sweep, new InOrder(), (candidate, _) =>
            new TrialState.Measured(SmallSweep.Steady(candidate["workers"].Number switch { 1 => 400, 2 => 99, _ => 20 })));

        var observed = new SweepStanding(sweep, trials).Observations().OfType<Observation.Measured>().ToDictionary(each => each.Candidate);

        Assert.Equal([SmallSweep.Workers(1), SmallSweep.Workers(2)], observed.Values.Where(each => each.IsNoAnswer).Select(each => each.Candidate));
        Assert.InRange(observed[SmallSweep.Workers(2)].LogViolations[0], Math.Log(0.95), 0);
    }

    [Fact]
    public void Ends_the_search_once_the_goal_is_reached_and_verifies_what_reached_it()
    {
        var sweep = SmallSweep.Create() with { Search = new SearchSettings { Goal = 3 } };

        var (trials, stop) = SweepPlayer.Play(sweep, new InOrder(), TwoWorkersAreEnough);

        Assert.Equal(["Search 1", "Search 2", "Verification 2", "Verification 2"], Described(trials));
        Assert.Contains("reaches the goal of 3 USD", stop.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Ends_the_search_when_patience_is_used_up()
    {
        var sweep = SmallSweep.Create(verificationRepeats: 0) with { Search = new SearchSettings { Patience = 2 } };

        var (trials, stop) = SweepPlayer.Play(sweep, new InOrder(), TwoWorkersAreEnough);

        Assert.Equal(["Search 1", "Search 2", "Search 3", "Search 4"], Described(trials));
        Assert.Equal(StopKind.Patience, stop.Kind);
    }

    [Fact]
    public void Waits_while_as_many_trials_run_as_may()
    {
        var sweep = SmallSweep.Create();
        var running = new Trial
        {
            Id = new TrialId("small-1"),
            Number = 1,
            Candidate = SmallSweep.Workers(1),
            Purpose = TrialPurpose.Search,
            State = new TrialState.Measuring(),
            CreatedAt = DateTimeOffset.UnixEpoch,
            ChangedAt = DateTimeOffset.UnixEpoch,
        };

        Assert.IsType<SweepStep.Wait>(SweepPlanner.Next(sweep, [running], new InOrder(), TimeSpan.Zero));
        var second = SweepPlanner.Next(sweep with { Budget = new SweepBudget { Parallel = 2 } }, [running], new InOrder(), TimeSpan.Zero);
        Assert.Equal(SmallSweep.Workers(2), Assert.IsType<SweepStep.Start>(second).Candidate);
    }

    private static TrialState TwoWorkersAreEnough(Candidate candidate, int number) =>
        new TrialState.Measured(SmallSweep.Steady(candidate["workers"].Number >= 2 ? 20 : 400));

    private static List<string> Described(IEnumerable<Trial> trials) => [.. trials.Select(trial => $"{trial.Purpose} {trial.Candidate["workers"]}")];
}
