using System.Collections.Immutable;
using Tuner.Core.Gate;
using Tuner.Core.Slos;
using Tuner.Testing.Sweeps;

namespace Tuner.Core.Tests.Gate;

public sealed class RegressionGateTests
{
    private static readonly GatePlan Plan = new();

    [Fact]
    public void Passes_a_night_like_the_others()
    {
        var report = RegressionGate.Judge([History(tonight: 1)], Plan);

        Assert.Equal(GateVerdict.Pass, report.Verdict);
        Assert.NotEmpty(report.Findings);
    }

    [Fact]
    public void Fails_a_configuration_that_is_surely_and_clearly_slower()
    {
        var report = RegressionGate.Judge([History(tonight: 1.2)], Plan);

        Assert.Equal(GateVerdict.Fail, report.Verdict);
        var finding = report.Findings.First(each => each.Verdict is GateVerdict.Fail);
        Assert.InRange(finding.Worse, 1.19, 1.21);
        Assert.InRange(1.2, finding.Lower, finding.Upper);
        Assert.Contains("+20 % worse than recent nights", report.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Does_not_blame_the_configuration_for_a_slower_machine()
    {
        var report = RegressionGate.Judge([History(tonight: 1, machine: 1.5)], Plan);

        Assert.Equal(GateVerdict.Warning, report.Verdict);
        Assert.Contains("the baseline itself", report.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(report.Findings, finding => finding.Verdict is GateVerdict.Fail);
    }

    [Fact]
    public void A_sure_but_small_change_is_a_warning()
    {
        var plan = Plan with { PairDeviation = 0.001 };

        Assert.Equal(GateVerdict.Warning, RegressionGate.Judge([History(tonight: 1.03, scatter: 0.002)], plan).Verdict);
    }

    [Fact]
    public void Sees_a_creep_that_recent_nights_hide()
    {
        var nights = Enumerable.Range(0, 60).Select(night => Night(Math.Pow(1.005, night), 1, 0.05)).ToImmutableArray();
        var tonight = Night(Math.Pow(1.005, 60), 1, 0.05);

        var report = RegressionGate.Judge([new MetricHistory(SmallSweep.P99(100), tonight, nights)], Plan);

        Assert.Equal(GateVerdict.Fail, report.Verdict);
        Assert.Contains("first nights after it was accepted", report.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Fails_a_missed_slo_whatever_the_ratio_says()
    {
        var report = RegressionGate.Judge([History(tonight: 1) with { Tonights = SloVerdict.Missed }], Plan);

        Assert.Equal(GateVerdict.Fail, report.Verdict);
        Assert.Contains("is missed tonight", report.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Higher_is_better_for_a_metric_with_a_lower_limit()
    {
        var slo = new Slo { Text = "throughput >= 100/s", Metric = new ThroughputMetric(), Bound = Bound.AtLeast, Limit = 100 };

        Assert.Equal(GateVerdict.Fail, RegressionGate.Judge([History(tonight: 0.8) with { Slo = slo }], Plan).Verdict);
        Assert.Equal(GateVerdict.Pass, RegressionGate.Judge([History(tonight: 1.2) with { Slo = slo }], Plan).Verdict);
    }

    [Fact]
    public void Says_that_it_cannot_tell_without_history_and_never_fails_without_a_control()
    {
        var alone = History(tonight: 1.2);

        var first = RegressionGate.Judge([alone with { Before = [] }], Plan);
        Assert.Equal(GateVerdict.Warning, first.Verdict);
        Assert.Contains("too few measurements", first.Reason, StringComparison.Ordinal);

        var withoutControl = alone with { Tonight = alone.Tonight with { Control = [] }, Before = [.. alone.Before.Select(night => night with { Control = [] })] };
        Assert.Equal(GateVerdict.Warning, RegressionGate.Judge([withoutControl], Plan).Verdict);
    }

    private static MetricHistory History(double tonight, double machine = 1, double scatter = 0.1) =>
        new(SmallSweep.P99(100), Night(tonight, machine, scatter), [.. Enumerable.Range(0, 10).Select(_ => Night(1, 1, scatter))]);

    /// <summary>Pairs that scatter evenly around the truth.</summary>
    private static GateNight Night(double slower, double machine, double scatter)
    {
        var deviations = Enumerable.Range(0, Plan.Pairs).Select(pair => scatter * (pair % 2 == 0 ? 1 : -1)).ToList();
        return new GateNight
        {
            At = DateTimeOffset.UnixEpoch,
            Subject = [.. deviations.Select(deviation => Math.Log(0.05 * slower * machine) + deviation)],
            Control = [.. deviations.Select(_ => Math.Log(0.08 * machine))],
        };
    }
}
