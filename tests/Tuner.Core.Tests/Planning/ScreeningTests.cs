using Tuner.Core.Loads;
using Tuner.Core.Planning;
using Tuner.Core.Slos;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Testing.Sweeps;

namespace Tuner.Core.Tests.Planning;

public sealed class ScreeningTests
{
    private static readonly Sweep Screened = SmallSweep.Create(baseline: 6) with { Search = new SearchSettings { Screening = TimeSpan.FromSeconds(8) } };

    private static readonly Sweep Relative = Screened with { Slos = [SmallSweep.P99(100) with { Metric = new RelativeMetric(SmallSweep.P99(100).Metric), Limit = 1.1 }] };

    [Theory]
    [InlineData(TrialPurpose.Search, 8)]
    [InlineData(TrialPurpose.Baseline, 20)]
    [InlineData(TrialPurpose.Repeat, 20)]
    [InlineData(TrialPurpose.Verification, 20)]
    public void Shortens_first_looks_and_measures_what_they_leave_open_in_full(TrialPurpose purpose, int seconds) =>
        Assert.Equal(seconds, SecondsOf(Screened, TrialFor(purpose)));

    [Fact]
    public void Shortens_the_baseline_beside_a_finalist_until_it_is_one_itself()
    {
        Trial[] fresh = [.. Enumerable.Range(1, 4).Select(number => Fresh(6, number))];

        Assert.Equal([8, 8, 20, 20], fresh.Select(trial => SecondsOf(Screened, trial, fresh)));
    }

    [Fact]
    public void Counts_no_fresh_trials_of_the_baseline_but_those_that_were_measured_before()
    {
        var lost = Fresh(6, 1) with { State = new TrialState.Interrupted("the machine went away") };

        Assert.Equal(8, SecondsOf(Screened, Fresh(6, 3), [lost, Fresh(6, 2), Fresh(5, 2), Fresh(6, 4)]));
    }

    [Fact]
    public void Measures_the_baseline_in_full_where_an_slo_compares_with_it()
    {
        Assert.Equal(20, SecondsOf(Relative, Fresh(6, 1)));
    }

    [Theory]
    [InlineData(TrialPurpose.Search, true)]
    [InlineData(TrialPurpose.Repeat, true)]
    [InlineData(TrialPurpose.Baseline, false)]
    [InlineData(TrialPurpose.Verification, false)]
    public void Ends_a_clearly_good_trial_outside_the_search_only_with_screening(TrialPurpose purpose, bool without)
    {
        Assert.Equal(without, Screening.EarlyEndOf(SmallSweep.Create(), TrialFor(purpose)).GoodToo);
        Assert.True(Screening.EarlyEndOf(Screened, TrialFor(purpose)).GoodToo);
    }

    [Theory]
    [InlineData(TrialPurpose.Search, true)]
    [InlineData(TrialPurpose.Repeat, false)]
    [InlineData(TrialPurpose.Baseline, false)]
    [InlineData(TrialPurpose.Verification, false)]
    public void Gives_up_more_easily_only_in_short_looks(TrialPurpose purpose, bool easily)
    {
        Assert.Null(Screening.EarlyEndOf(SmallSweep.Create(), TrialFor(purpose)).HopelessStrictness);
        var early = Screening.EarlyEndOf(Screened, TrialFor(purpose));
        Assert.Equal(easily, early.HopelessStrictness > early.Strictness);
    }

    [Fact]
    public void Ends_no_trial_as_good_whose_slo_compares_with_the_baseline()
    {
        var measured = SmallSweep.Steady(1).Phases;

        Assert.NotNull(Screening.EarlyEndOf(Screened, TrialFor(TrialPurpose.Verification)).Look(measured));
        Assert.Null(Screening.EarlyEndOf(Relative, TrialFor(TrialPurpose.Verification)).Look(measured));
    }

    [Fact]
    public void Sends_the_whole_load_where_no_short_look_is_asked_for()
    {
        var sweep = SmallSweep.Create();

        Assert.Same(sweep, Screening.For(sweep, TrialFor(TrialPurpose.Search), []));
    }

    [Fact]
    public void Shortens_all_steady_phases_alike_and_leaves_those_that_are_a_course_of_their_own()
    {
        var load = SmallSweep.Create().Load with
        {
            Phases = [new RatePhase("steady", TimeSpan.FromSeconds(60), 100), new RatePhase("peak", TimeSpan.FromSeconds(8), 300), new RampPhase("ramp", TimeSpan.FromSeconds(12), 10, 100)],
        };

        var shortened = Screening.Shortened(load, TimeSpan.FromSeconds(20));

        Assert.Equal([15, 3, 12], shortened.Phases.Select(phase => phase.Duration.TotalSeconds));
        Assert.Equal(300, Assert.IsType<RatePhase>(shortened.Phases[1]).RatePerSecond);
    }

    private static double SecondsOf(Sweep sweep, Trial trial, params IReadOnlyList<Trial> trials) => Screening.For(sweep, trial, trials).Load.Duration.TotalSeconds;

    private static Trial Fresh(int workers, int number) => TrialFor(TrialPurpose.Verification) with
    {
        Number = number,
        Candidate = SmallSweep.Workers(workers),
        State = new TrialState.Measured(SmallSweep.Steady(20)),
    };

    private static Trial TrialFor(TrialPurpose purpose) => new()
    {
        Id = new TrialId("small-1"),
        Number = 1,
        Candidate = SmallSweep.Workers(1),
        Purpose = purpose,
        State = new TrialState.Pending(),
        CreatedAt = DateTimeOffset.UnixEpoch,
        ChangedAt = DateTimeOffset.UnixEpoch,
    };
}
