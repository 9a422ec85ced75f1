using System.Collections.Immutable;
using Tuner.Core.Measurements;
using Tuner.Core.Slos;
using Tuner.Testing.Sweeps;

namespace Tuner.Core.Tests.Slos;

public sealed class ReportedSloTests
{
    [Theory]
    [InlineData("accuracy >= 0.92", Bound.AtLeast, 0.92)]
    [InlineData("queueDepth <= 5", Bound.AtMost, 5)]
    public void Reads_limits_on_numbers_that_the_target_reports(string text, Bound bound, double limit)
    {
        var slo = Read(text);

        Assert.Equal(new ReportedMetric(text.Split(' ')[0]), slo.Metric);
        Assert.Equal((bound, limit), (slo.Bound, slo.Limit));
    }

    [Theory]
    [InlineData("acuracy >= 0.92", "Did you mean 'accuracy'?")]
    [InlineData("accuracy >= 92ms", "'92ms'")]
    [InlineData("accuracy >= 0", "above zero")]
    public void Names_the_cure_where_it_cannot_be_read(string text, string cure)
    {
        Assert.False(SloSentence.TryRead(text, ["accuracy"], out _, out var problem));
        Assert.Contains(cure, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SloVerdict.Met, 0.97, 0.972, 0.969)]
    [InlineData(SloVerdict.Missed, 0.85, 0.851, 0.849)]
    [InlineData(SloVerdict.Unknown, 0.921, 0.921, 0.921)]
    [InlineData(SloVerdict.Unknown, 0.99, 0.85, 0.99)]
    public void Judges_by_the_scatter_of_the_runs(SloVerdict verdict, params double[] values)
    {
        var assessment = SloJudge.Assess(Read("accuracy >= 0.92"), [.. values.Select(Reporting)], new JudgingPlan { Looks = 3 });

        Assert.Equal(verdict, assessment.Verdict);
        Assert.Equal(values.Average(), assessment.Estimate!.Value, 1e-9);
    }

    [Fact]
    public void Is_not_met_where_it_was_not_reported()
    {
        var assessment = SloJudge.Assess(Read("accuracy >= 0.92"), [SmallSweep.Steady(20)], new JudgingPlan());

        Assert.Equal(SloVerdict.Unknown, assessment.Verdict);
        Assert.Contains("'accuracy' was not reported", assessment.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Travels_with_the_measurement()
    {
        var read = MeasurementJson.Read(MeasurementJson.Write(Reporting(0.97)));

        Assert.Equal(0.97, read.Reported!["accuracy"]);
        Assert.DoesNotContain("reported", MeasurementJson.Write(SmallSweep.Steady(20)), StringComparison.Ordinal);
    }

    private static Measurement Reporting(double accuracy) => SmallSweep.Steady(20) with { Reported = ImmutableSortedDictionary<string, double>.Empty.Add("accuracy", accuracy) };

    private static Slo Read(string text) => SloSentence.TryRead(text, ["accuracy", "queueDepth"], out var slo, out var problem) ? slo : throw new InvalidOperationException(problem);
}
