using Tuner.Core.Loads;
using Tuner.Core.Planning;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Testing.Sweeps;

namespace Tuner.Core.Tests.Planning;

public sealed class ScreeningTests
{
    [Theory]
    [InlineData(TrialPurpose.Search, 8)]
    [InlineData(TrialPurpose.Baseline, 20)]
    [InlineData(TrialPurpose.Repeat, 20)]
    [InlineData(TrialPurpose.Verification, 20)]
    public void Shortens_the_first_look_of_the_search_and_nothing_else(TrialPurpose purpose, int seconds)
    {
        var sweep = SmallSweep.Create() with { Search = new SearchSettings { Screening = TimeSpan.FromSeconds(8) } };

        Assert.Equal(TimeSpan.FromSeconds(seconds), Screening.For(sweep, TrialFor(purpose)).Load.Duration);
    }

    [Fact]
    public void Sends_the_whole_load_where_no_short_look_is_asked_for()
    {
        var sweep = SmallSweep.Create();

        Assert.Same(sweep, Screening.For(sweep, TrialFor(TrialPurpose.Search)));
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
