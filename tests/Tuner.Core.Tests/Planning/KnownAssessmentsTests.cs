using Tuner.Core.Planning;
using Tuner.Core.Slos;
using Tuner.Testing.Sweeps;

namespace Tuner.Core.Tests.Planning;

public sealed class KnownAssessmentsTests
{
    private static readonly Slo Limit = SmallSweep.P99(100);

    [Fact]
    public void The_same_question_is_judged_once()
    {
        var measurement = SmallSweep.Steady(60);
        var first = KnownAssessments.Of(Limit, [measurement], new JudgingPlan());

        Assert.Same(first, KnownAssessments.Of(SmallSweep.P99(100), [measurement], new JudgingPlan()));
        Assert.Equal(SloJudge.Assess(Limit, [measurement], new JudgingPlan()), first);
    }

    [Fact]
    public void Another_limit_plan_or_repeat_is_another_question()
    {
        var (one, two) = (SmallSweep.Steady(60), SmallSweep.Steady(90));
        var plan = new JudgingPlan();
        var first = KnownAssessments.Of(Limit, [one], plan);

        Assert.Equal(SloVerdict.Missed, KnownAssessments.Of(SmallSweep.P99(20), [one], plan).Verdict);
        Assert.Equal(SloJudge.Assess(Limit, [one], plan with { Looks = 9 }), KnownAssessments.Of(Limit, [one], plan with { Looks = 9 }));
        Assert.Equal(SloJudge.Assess(Limit, [two, one], plan), KnownAssessments.Of(Limit, [two, one], plan));
        Assert.Equal(2, KnownAssessments.Of(Limit, [two, one], plan).Repeats);
        Assert.Same(first, KnownAssessments.Of(Limit, [one], plan));
    }

    [Fact]
    public void Of_very_many_questions_the_oldest_are_asked_again()
    {
        var measurement = SmallSweep.Steady(60);
        var plans = Enumerable.Range(1, 60).Select(step => new JudgingPlan { Confidence = 0.9 + (step / 1000.0) }).ToList();

        Assert.All(plans.Concat(plans), plan => Assert.Equal(SloJudge.Assess(Limit, [measurement], plan), KnownAssessments.Of(Limit, [measurement], plan)));
    }
}
