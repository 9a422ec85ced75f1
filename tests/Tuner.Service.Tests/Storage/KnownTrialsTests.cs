using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Storage;

namespace Tuner.Service.Tests.Storage;

public class KnownTrialsTests
{
    private static readonly SweepId One = new("one");
    private static readonly SweepId Two = new("two");

    [Fact]
    public void The_first_object_of_a_trial_is_everybodys()
    {
        var known = new KnownTrials();
        var first = Ended(1);

        Assert.Same(first, known.Keep(One, first));
        Assert.Same(first, known.Keep(One, Ended(1)));
        Assert.Same(first, known.Find(One, first.Id.Value));
        Assert.Null(known.Find(Two, first.Id.Value));
    }

    [Fact]
    public void A_trial_that_goes_on_is_not_kept()
    {
        var known = new KnownTrials();
        known.Keep(One, Stored.ATrial(1));

        Assert.Null(known.Find(One, Stored.ATrial(1).Id.Value));
    }

    [Fact]
    public void Beyond_the_limit_the_sweep_that_was_read_longest_ago_goes()
    {
        var known = new KnownTrials(mostSeconds: 3);
        known.Keep(One, Ended(1));
        known.Keep(Two, Ended(2));
        known.Keep(Two, Ended(3));
        known.Find(One, Ended(1).Id.Value);

        known.Keep(One, Ended(4));

        Assert.NotNull(known.Find(One, Ended(1).Id.Value));
        Assert.NotNull(known.Find(One, Ended(4).Id.Value));
        Assert.Null(known.Find(Two, Ended(2).Id.Value));
    }

    [Fact]
    public void One_sweep_alone_may_have_more_than_the_limit()
    {
        var known = new KnownTrials(mostSeconds: 1);
        known.Keep(One, Ended(1));
        known.Keep(One, Ended(2));

        Assert.NotNull(known.Find(One, Ended(1).Id.Value));
        known.Forget(One);
        Assert.Null(known.Find(One, Ended(1).Id.Value));
    }

    private static Trial Ended(int number) => Stored.ATrial(number) with { State = new TrialState.Interrupted("stopped", ByRestart: true) };
}
