using Tuner.Core.Measurements;
using Tuner.Core.Slos;
using Tuner.Testing.Simulation;

namespace Tuner.Core.Tests.Slos;

/// <summary>A short form of <c>tests/Tuner.Simulations coverage</c>: fewer series, wider tolerance, the same seeds' machinery.</summary>
public sealed class SloCoverageTests
{
    private const int Series = 120;

    [Theory]
    [InlineData("calm", 20)]
    [InlineData("bursty", 20)]
    [InlineData("bursty", 60)]
    public void A_value_at_the_limit_is_seldom_decided_and_the_interval_holds_it(string family, int seconds)
    {
        var service = new LatencySeries(string.Equals(family, "calm", StringComparison.Ordinal) ? NoiseFamily.Calm : NoiseFamily.Bursty, RatePerSecond: 60);
        var truth = service.TrueQuantile(0.99);
        var slo = new Slo { Text = "p99 latency", Metric = new QuantileMetric(Measurement.LatencySeries, 0.99), Bound = Bound.AtMost, Limit = truth };
        var plan = new JudgingPlan { Looks = 3 };
        int met = 0, missed = 0, covered = 0;
        for (var index = 0; index < Series; index++)
        {
            var chance = Chance.For(17, seconds, index);
            var runs = new List<Measurement>();
            var verdicts = new HashSet<SloVerdict>();
            SloAssessment? last = null;
            for (var look = 0; look < plan.Looks; look++)
            {
                runs.Add(service.Run(seconds, chance));
                last = SloJudge.Assess(slo, runs, plan);
                verdicts.Add(last.Verdict);
            }

            met += verdicts.Contains(SloVerdict.Met) ? 1 : 0;
            missed += verdicts.Contains(SloVerdict.Missed) ? 1 : 0;
            covered += (last!.Lower ?? 0) <= truth && truth <= (last.Upper ?? double.PositiveInfinity) ? 1 : 0;
        }

        // 5 % of 120 is 6; with the chance of so few series, eleven would still be no proof against the promise.
        Assert.InRange(met, 0, 11);
        Assert.InRange(missed, 0, 11);
        Assert.InRange(covered, 0.93 * Series - 8, Series);
    }
}
