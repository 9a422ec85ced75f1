using Tuner.Core.Loads;
using Tuner.Core.Planning;
using Tuner.Core.Recommending;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Testing.Sweeps;

namespace Tuner.Core.Tests.Planning;

public sealed class EnvelopeProbeTests
{
    private static readonly Sweep Wanted = SmallSweep.Create(verificationRepeats: 0) with { Envelope = true, Budget = new SweepBudget { Trials = 20 } };
    private static readonly StopReason Stop = new(StopKind.Decided, "decided");

    [Fact]
    public void The_winner_is_probed_once_after_everything_else()
    {
        Trial[] trials = [Measured(1, 4, TrialPurpose.Search, 60), Measured(2, 3, TrialPurpose.Search, 200)];

        var step = Assert.IsType<SweepStep.Start>(Next(Wanted, trials));
        Assert.Equal((SmallSweep.Workers(4), TrialPurpose.Envelope), (step.Candidate, step.Purpose));
        Assert.Null(Next(Wanted, [.. trials, Measured(3, 4, TrialPurpose.Envelope, 900)]));
        Assert.Null(Next(Wanted with { Envelope = false }, trials));
    }

    [Fact]
    public void Without_a_winner_there_is_nothing_to_probe() => Assert.Null(Next(Wanted, [Measured(1, 3, TrialPurpose.Search, 200)]));

    [Fact]
    public void What_the_probe_saw_at_other_rates_changes_no_answer()
    {
        Trial[] trials = [Measured(1, 4, TrialPurpose.Search, 60)];
        var failed = Measured(2, 4, TrialPurpose.Envelope, 60) with { State = new TrialState.CandidateFailed(FailureKind.ExitedUnderLoad, "exit code 137", "") };

        var before = Assert.IsType<Recommendation.Use>(Recommender.Recommend(Wanted, trials, Stop));
        foreach (var probe in new[] { failed, Measured(2, 4, TrialPurpose.Envelope, 900) })
        {
            var after = Assert.IsType<Recommendation.Use>(Recommender.Recommend(Wanted, [.. trials, probe], Stop));
            Assert.Equal((before.Winner.Candidate, before.Winner.Measurements), (after.Winner.Candidate, after.Winner.Measurements));
        }
    }

    [Fact]
    public void Stages_rise_and_are_long_enough_for_a_percentile()
    {
        var load = EnvelopeProbe.LoadOf(Wanted)!;

        Assert.Equal([50, 75, 100, 125, 150, 200], load.Phases.Cast<RatePhase>().Select(phase => phase.RatePerSecond));
        Assert.All(load.Phases.Cast<RatePhase>(), phase => Assert.True(phase.RatePerSecond * phase.Duration.TotalSeconds >= Wanted.Measurement.MinRequests));
        Assert.Equal(load.Phases.Length, load.Phases.Select(phase => phase.Name).Distinct().Count());
    }

    [Fact]
    public void A_closed_model_has_no_rates_to_probe() =>
        Assert.Null(EnvelopeProbe.LoadOf(Wanted with { Load = Wanted.Load with { Arrival = Arrival.Closed, Phases = [new UsersPhase("users", TimeSpan.FromSeconds(20), 4)] } }));

    [Fact]
    public void Asking_for_the_envelope_is_another_question() =>
        Assert.NotEqual(SweepFingerprint.Of(Wanted), SweepFingerprint.Of(Wanted with { Envelope = false }));

    [Fact]
    public void Says_why_there_is_no_envelope()
    {
        Trial[] trials = [Measured(1, 4, TrialPurpose.Search, 60)];
        var use = Recommender.Recommend(Wanted, trials, Stop);
        var probe = Measured(2, 4, TrialPurpose.Envelope, 900);
        string? Why(Sweep sweep, params Trial[] more) => EnvelopeProbe.WhyMissing(sweep, [.. trials, .. more], TimeSpan.Zero, use);

        Assert.Equal("The budget of 1 trials is used up.", Why(Wanted with { Budget = new SweepBudget { Trials = 1 } }));
        Assert.Equal("trial 2, which looked for it, was invalid: the generator lagged", Why(Wanted, probe with { State = new TrialState.Invalid("the generator lagged", null) }));
        Assert.Equal("trial 2, which looked for it, failed: exit code 137", Why(Wanted, probe with { State = new TrialState.CandidateFailed(FailureKind.ExitedUnderLoad, "exit code 137", "") }));
        Assert.Equal("the sweep ended before it", Why(Wanted));
        Assert.Equal("no configuration is recommended", EnvelopeProbe.WhyMissing(Wanted, trials, TimeSpan.Zero, null));
        Assert.Equal(
            "its load has users and no rate that could be raised",
            Why(Wanted with { Load = Wanted.Load with { Arrival = Arrival.Closed, Phases = [new UsersPhase("users", TimeSpan.FromSeconds(20), 4)] } }));
    }

    [Fact]
    public void Nothing_is_missing_where_a_probe_measured_or_none_was_asked_for()
    {
        Trial[] trials = [Measured(1, 4, TrialPurpose.Search, 60)];
        var probe = Measured(2, 4, TrialPurpose.Envelope, 900);
        var use = Recommender.Recommend(Wanted, trials, Stop);

        Assert.Null(EnvelopeProbe.WhyMissing(Wanted, [.. trials, probe], TimeSpan.Zero, use));
        Assert.Null(EnvelopeProbe.WhyMissing(Wanted, [.. trials, probe with { State = new TrialState.Invalid("phase 'x2' was not stable", SmallSweep.Steady(900)) }], TimeSpan.Zero, use));
        Assert.Null(EnvelopeProbe.WhyMissing(Wanted with { Envelope = false }, trials, TimeSpan.Zero, use));
    }

    private static SweepStep? Next(Sweep sweep, Trial[] trials) => EnvelopeProbe.Next(new SweepStanding(sweep, trials), new BudgetLedger(sweep, trials, TimeSpan.Zero), Stop);

    private static Trial Measured(int number, int workers, TrialPurpose purpose, double milliseconds) => new()
    {
        Id = new TrialId($"small-{number}"),
        Number = number,
        Candidate = SmallSweep.Workers(workers),
        Purpose = purpose,
        State = new TrialState.Measured(SmallSweep.Steady(milliseconds)),
        CreatedAt = DateTimeOffset.UnixEpoch,
        ChangedAt = DateTimeOffset.UnixEpoch,
        Deployed = TimeSpan.FromSeconds(25),
    };
}
