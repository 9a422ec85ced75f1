using System.Collections.Immutable;
using Tuner.Core.Loads;
using Tuner.Core.Planning;
using Tuner.Core.Recommending;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Core.Tests.Planning;
using Tuner.Core.Trials;
using Tuner.Testing.Sweeps;

namespace Tuner.Core.Tests.Recommending;

public sealed class RecommenderTests
{
    [Fact]
    public void Recommends_the_cheapest_candidate_that_fresh_measurements_confirmed()
    {
        var use = Assert.IsType<Recommendation.Use>(Answer(SmallSweep.Create(baseline: 6), Latency(workers => workers >= 3 ? 20 : 400)));

        Assert.Equal(SmallSweep.Workers(3), use.Winner.Candidate);
        Assert.True(use.Verified);
        Assert.Equal(3m, use.Winner.CostPerHour);
        Assert.Null(use.CheaperUndecided);
    }

    [Fact]
    public void Says_that_it_is_not_verified_where_verification_is_off()
    {
        var use = Assert.IsType<Recommendation.Use>(Answer(SmallSweep.Create(verificationRepeats: 0), Latency(workers => workers >= 3 ? 20 : 400)));

        Assert.False(use.Verified);
        Assert.Contains("turned off", use.NotVerifiedBecause, StringComparison.Ordinal);
    }

    [Fact]
    public void Does_not_recommend_what_fresh_measurements_refuted()
    {
        var answer = Answer(SmallSweep.Create(), (candidate, number) =>
            new TrialState.Measured(SmallSweep.Steady(candidate["workers"].Number switch { 1 => 400, 2 when number > 2 => 300, _ => 20 })));

        var use = Assert.IsType<Recommendation.Use>(answer);
        Assert.Equal(SmallSweep.Workers(3), use.Winner.Candidate);
        Assert.True(use.Verified);
    }

    [Fact]
    public void Does_not_call_undecided_what_fresh_measurements_refuted()
    {
        // Two workers look likely while searching, and miss clearly afterwards.
        var answer = Answer(SmallSweep.Create(), (candidate, number) =>
            new TrialState.Measured(SmallSweep.Steady(candidate["workers"].Number switch { 1 => 400, 2 => number > 6 ? 400 : 97, _ => 20 })));

        var use = Assert.IsType<Recommendation.Use>(answer);
        Assert.Equal(SmallSweep.Workers(3), use.Winner.Candidate);
        Assert.Null(use.CheaperUndecided);
    }

    [Fact]
    public void Names_a_cheaper_candidate_that_stayed_undecided()
    {
        var use = Assert.IsType<Recommendation.Use>(Answer(SmallSweep.Create(), Latency(workers => workers switch { 1 => 400, 2 => 101, _ => 20 })));

        Assert.Equal(SmallSweep.Workers(3), use.Winner.Candidate);
        Assert.Equal(SmallSweep.Workers(2), use.CheaperUndecided?.Candidate);
        Assert.NotNull(use.CheaperUndecidedNeeds);
    }

    [Fact]
    public void Says_how_many_measurements_would_decide_the_cheaper_one()
    {
        var near = Assert.IsType<Recommendation.Use>(Answer(SmallSweep.Create(verificationRepeats: 0), Latency(workers => workers switch { 1 => 400, 2 => 97, _ => 20 })));
        var nearer = Assert.IsType<Recommendation.Use>(Answer(SmallSweep.Create(verificationRepeats: 0), Latency(workers => workers switch { 1 => 400, 2 => 99, _ => 20 })));

        Assert.Contains($"{near.CheaperUndecidedMeasurements} more measurement", near.CheaperUndecidedNeeds, StringComparison.Ordinal);
        Assert.True(near.CheaperUndecidedMeasurements < nearer.CheaperUndecidedMeasurements, $"{near.CheaperUndecidedMeasurements} and {nearer.CheaperUndecidedMeasurements}");
    }

    [Fact]
    public void Says_that_nothing_is_feasible_with_the_nearest_and_what_would_admit_it()
    {
        var nothing = Assert.IsType<Recommendation.NothingFeasible>(Answer(SmallSweep.Create(), Latency(workers => 1000.0 / workers)));

        Assert.Equal(SmallSweep.Workers(6), nothing.Nearest?.Candidate);
        var relaxation = Assert.Single(nothing.Relaxations);
        Assert.Equal(SmallSweep.Workers(6), relaxation.Candidate);
        Assert.InRange(relaxation.Limit, 0.16, 0.30);
    }

    [Fact]
    public void Names_the_heaviest_phase_that_could_be_met_where_the_whole_load_is_too_much()
    {
        var sweep = SmallSweep.Create();
        sweep = sweep with { Load = sweep.Load with { Phases = [Phase("night", 20), Phase("peak", 100), Phase("day", 60)] } };

        // By night everybody does, by day those with four workers or more, at the peak nobody.
        var nothing = Assert.IsType<Recommendation.NothingFeasible>(Answer(sweep, (candidate, _) => new TrialState.Measured(SmallSweep.Phases(
            ("night", 20), ("peak", 900), ("day", candidate["workers"].Number >= 4 ? 30 : 300)))));

        Assert.Equal(new MeetableLoad("day", "60/s", 60, SmallSweep.Workers(4), 4m), nothing.Load);
    }

    [Fact]
    public void Names_no_load_where_no_phase_could_be_met() =>
        Assert.Null(Assert.IsType<Recommendation.NothingFeasible>(Answer(SmallSweep.Create(), Latency(workers => 1000.0 / workers))).Load);

    [Fact]
    public void Is_inconclusive_where_everything_sits_at_the_limit()
    {
        var inconclusive = Assert.IsType<Recommendation.Inconclusive>(Answer(SmallSweep.Create(), Latency(_ => 101)));

        Assert.Equal(SmallSweep.Workers(1), inconclusive.Closest?.Candidate);
        Assert.NotEmpty(inconclusive.Needs);
    }

    [Fact]
    public void Is_inconclusive_where_a_budget_ended_the_search_too_early()
    {
        var sweep = SmallSweep.Create(budget: new SweepBudget { Trials = 2 }, verificationRepeats: 0);

        Assert.IsType<Recommendation.Inconclusive>(Answer(sweep, Latency(_ => 400)));
    }

    [Fact]
    public void Names_the_cure_of_what_kept_every_trial_from_a_measurement()
    {
        Recommendation.Inconclusive All(TrialState state) => Assert.IsType<Recommendation.Inconclusive>(Answer(SmallSweep.Create(), (_, _) => state));

        var unmeasured = All(new TrialState.Invalid("No Argo controller took up the workflow.", null));
        Assert.Equal(("No trial came to a measurement: No Argo controller took up the workflow.", "What the reason names, mended."), (unmeasured.Reason, unmeasured.Needs));
        Assert.StartsWith("A quieter machine", All(new TrialState.Invalid("the generator was the limit", SmallSweep.Steady(20))).Needs, StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_failed_candidates_as_infeasible()
    {
        var answer = Answer(SmallSweep.Create(), (_, _) => new TrialState.CandidateFailed(FailureKind.ExitedAtStart, "exit code 1", ""));

        Assert.Null(Assert.IsType<Recommendation.NothingFeasible>(answer).Nearest);
    }

    [Fact]
    public void Recommends_the_lowest_measured_objective_among_those_that_meet_their_slos()
    {
        var sweep = Minimizing("energy");
        var use = Assert.IsType<Recommendation.Use>(Answer(sweep, Energy(workers => workers switch { 1 => 5, 4 => 20, _ => 30 + workers })));

        Assert.Equal(SmallSweep.Workers(4), use.Winner.Candidate);
        Assert.True(use.Verified);
        Assert.Equal(20, use.Winner.MeasuredObjective);
    }

    [Fact]
    public void Measures_finalists_afresh_whose_measured_objectives_are_close_and_takes_the_fresh_best()
    {
        // While searching 4 workers look best by 2 %; fresh measurements find 5 to be better by a tenth.
        var (trials, stop) = SweepPlayer.Play(Minimizing("energy"), new InOrder(), (candidate, number) => EnergyOf(candidate, workers => workers switch
        {
            4 => 20,
            5 => number <= 6 ? 20.4 : 18,
            _ => 40,
        }));

        var use = Assert.IsType<Recommendation.Use>(Recommender.Recommend(Minimizing("energy"), trials, stop));
        Assert.Equal(SmallSweep.Workers(5), use.Winner.Candidate);
        Assert.Equal(["4", "4", "5", "5"], trials.Where(trial => trial.Purpose is TrialPurpose.Verification).Select(trial => trial.Candidate["workers"].Text));
    }

    [Fact]
    public void Recommends_nothing_where_no_trial_told_what_is_minimized()
    {
        var answer = Assert.IsType<Recommendation.Inconclusive>(Answer(Minimizing("energy"), Latency(workers => workers >= 3 ? 20 : 400)));

        Assert.Contains("energy as the target reports it", answer.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Minimizes_the_cost_of_a_million_requests_by_the_throughput_that_users_got()
    {
        var sweep = SmallSweep.Create();
        sweep = sweep with
        {
            Objective = Objective.CostPerMillionRequests,
            Load = sweep.Load with { Arrival = Arrival.Closed, Phases = [new UsersPhase("steady", TimeSpan.FromSeconds(20), 8)] },
        };

        // Every candidate answers 100 requests a second: the price per hour over 0.36 million.
        var use = Assert.IsType<Recommendation.Use>(Answer(sweep, Latency(workers => workers >= 3 ? 20 : 400)));
        Assert.Equal(SmallSweep.Workers(3), use.Winner.Candidate);
        Assert.Equal(3 / 0.36, use.Winner.MeasuredObjective!.Value, 6);
    }

    private static Sweep Minimizing(string metric) => SmallSweep.Create() with { Objective = Objective.ReportedMetric, Minimized = metric };

    /// <summary>One worker is too slow, all others are fast; each reports its energy.</summary>
    private static TrialState.Measured EnergyOf(Candidate candidate, Func<double, double> energy)
    {
        var workers = candidate["workers"].Number!.Value;
        return new TrialState.Measured(SmallSweep.Steady(workers >= 2 ? 20 : 400) with
        {
            Reported = ImmutableSortedDictionary<string, double>.Empty.Add("energy", energy(workers)),
        });
    }

    private static Func<Candidate, int, TrialState> Energy(Func<double, double> energy) => (candidate, _) => EnergyOf(candidate, energy);

    private static RatePhase Phase(string name, double rate) => new(name, TimeSpan.FromSeconds(20), rate);

    private static Recommendation Answer(Sweep sweep, Func<Candidate, int, TrialState> outcome)
    {
        var (trials, stop) = SweepPlayer.Play(sweep, new InOrder(), outcome);
        return Recommender.Recommend(sweep, trials, stop);
    }

    private static Func<Candidate, int, TrialState> Latency(Func<double, double> milliseconds) =>
        (candidate, _) => new TrialState.Measured(SmallSweep.Steady(milliseconds(candidate["workers"].Number!.Value)));
}
