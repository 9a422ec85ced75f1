using System.Collections.Immutable;
using System.Globalization;
using Tuner.Core.Slos;
using Tuner.Core.Statistics;

namespace Tuner.Core.Gate;

/// <summary>
/// Says whether last night's run of an accepted configuration is worse than before. What is compared is its ratio to the
/// baseline that ran beside it, so that a slower machine changes nothing; tonight's pairs against those of the most recent
/// nights (a jump) and of the first nights after the acceptance (a creep), by Student's t with a pooled variance. It fails
/// only where the change is both beyond noise and large enough to matter. Pure and deterministic.
/// </summary>
public static class RegressionGate
{
    private const int Comparisons = 2;
    private const int FewestPairs = 2;

    public static GateReport Judge(IReadOnlyList<MetricHistory> metrics, GatePlan plan)
    {
        var findings = metrics.SelectMany(metric => Findings(metric, plan, Comparisons * metrics.Count)).ToImmutableArray();
        var worst = findings.OrderByDescending(finding => finding.Verdict).ThenBy(finding => finding.Chance).FirstOrDefault();
        return worst is null
            ? new GateReport(GateVerdict.Warning, "Nothing was measured that could be compared.", [])
            : new GateReport(worst.Verdict, worst.Verdict is GateVerdict.Pass ? "Nothing is worse beyond noise." : worst.Reason, findings);
    }

    private static IEnumerable<GateFinding> Findings(MetricHistory metric, GatePlan plan, int comparisons)
    {
        if (metric.Tonights is SloVerdict.Missed)
        {
            yield return Plain(metric, GateVerdict.Fail, "the SLO", $"'{metric.Slo.Text}' is missed tonight.");
        }

        var recent = metric.Before.TakeLast(plan.Nights).ToList();
        var first = metric.Before.Take(plan.Nights).ToList();
        if (metric.Tonight.Control.IsEmpty)
        {
            // Without a control a slower machine looks the same as a worse configuration.
            yield return Compare(metric, "recent nights", metric.Tonight.Subject, [.. recent.Select(night => night.Subject)], plan, comparisons, worst: GateVerdict.Warning);
            yield break;
        }

        yield return Compare(metric, "recent nights", metric.Tonight.Ratios, [.. recent.Select(night => night.Ratios)], plan, comparisons, GateVerdict.Fail);
        if (metric.Before.Length > plan.Nights)
        {
            yield return Compare(metric, "the first nights after it was accepted", metric.Tonight.Ratios, [.. first.Select(night => night.Ratios)], plan, comparisons, GateVerdict.Fail);
        }

        var machine = Compare(metric, "the baseline of recent nights", metric.Tonight.Control, [.. recent.Select(night => night.Control)], plan, comparisons, GateVerdict.Warning);
        if (machine.Verdict is not GateVerdict.Pass && machine.Worse > 1 + plan.LeastEffect)
        {
            yield return machine with { Reason = $"'{metric.Slo.Text}': the baseline itself is {Percent(machine.Worse)} worse than on recent nights: the machine, or what is served, has changed." };
        }
    }

    private static GateFinding Compare(
        MetricHistory metric, string against, ImmutableArray<double> tonight, ImmutableArray<ImmutableArray<double>> nights, GatePlan plan, int comparisons, GateVerdict worst)
    {
        var reference = nights.Where(night => night.Length > 0).ToList();
        if (tonight.Length < FewestPairs || reference.Sum(night => night.Length) < FewestPairs)
        {
            return Plain(metric, GateVerdict.Warning, against, $"'{metric.Slo.Text}': too few measurements to compare with {against} ({tonight.Length} tonight, {reference.Sum(night => night.Length)} before).");
        }

        var sign = metric.Slo.Bound is Bound.AtMost ? 1 : -1;
        var before = reference.SelectMany(night => night).ToList();
        var difference = sign * (tonight.Average() - before.Average());

        // Every night around its own mean: what differs from night to night is no part of the noise of a pair.
        var degrees = plan.PriorDegrees + tonight.Length - 1 + reference.Sum(night => night.Length - 1);
        var squares = Squares(tonight) + reference.Sum(Squares);
        var variance = ((plan.PriorDegrees * plan.PairDeviation * plan.PairDeviation) + squares) / degrees;
        var error = Math.Sqrt(variance * ((1.0 / tonight.Length) + (1.0 / before.Count)));
        var chance = 1 - Distributions.StudentCdf(difference / error, degrees);
        var width = Distributions.StudentQuantile(1 - plan.WarnLevel, degrees) * error;
        var verdict = difference <= 0 ? GateVerdict.Pass
            : chance < plan.FailLevel / comparisons && difference > Math.Log(1 + plan.LeastEffect) ? worst
            : chance < plan.WarnLevel / comparisons ? GateVerdict.Warning
            : GateVerdict.Pass;
        var worse = Math.Exp(difference);
        return new GateFinding
        {
            Metric = metric.Slo.Text,
            Against = against,
            Verdict = verdict,
            Worse = worse,
            Lower = Math.Exp(difference - width),
            Upper = Math.Exp(difference + width),
            Chance = chance,
            Pairs = tonight.Length,
            ReferencePairs = before.Count,
            Reason = $"'{metric.Slo.Text}': {Percent(worse)} {(worse > 1 ? "worse" : "better")} than {against} ({Percent(Math.Exp(difference - width))} to {Percent(Math.Exp(difference + width))}).",
        };
    }

    private static GateFinding Plain(MetricHistory metric, GateVerdict verdict, string against, string reason) => new()
    {
        Metric = metric.Slo.Text,
        Against = against,
        Verdict = verdict,
        Worse = 1,
        Lower = 0,
        Upper = double.PositiveInfinity,
        Chance = verdict is GateVerdict.Fail ? 0 : 1,
        Pairs = metric.Tonight.Subject.Length,
        ReferencePairs = metric.Before.Sum(night => night.Subject.Length),
        Reason = reason,
    };

    private static double Squares(ImmutableArray<double> values)
    {
        var mean = values.Length == 0 ? 0 : values.Average();
        return values.Sum(value => (value - mean) * (value - mean));
    }

    private static string Percent(double ratio) => string.Create(CultureInfo.InvariantCulture, $"{100 * (ratio - 1):+0.#;-0.#;0} %");
}
