using System.Collections.Immutable;
using Tuner.Core.Slos;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Building;

/// <summary>Objectives as rows, with margins.</summary>
internal static class SloRows
{
    public static ImmutableArray<SloRow> Of(ImmutableArray<SloAssessment> assessments, Slo? binding, int minRequests)
    {
        var rows = assessments.Select(assessment => Row(assessment, minRequests)).ToImmutableArray();
        var index = binding is null ? -1 : assessments.IndexOf(assessments.FirstOrDefault(assessment => assessment.Slo == binding)!);
        if (index < 0)
        {
            index = LeastMargin(rows);
        }

        return index < 0 ? rows : rows.SetItem(index, rows[index] with { Binding = true });
    }

    public static string Unit(SloMetric metric) => metric switch
    {
        QuantileMetric or MeanMetric or TotalTimeMetric => "s",
        ErrorRateMetric => "share",
        ThroughputMetric => "1/s",
        ResourceMetric { Resource: CandidateResource.Memory } => "B",
        ResourceMetric => "cores",
        RelativeMetric => "x baseline",
        _ => "",
    };

    /// <summary>How far a value is beyond the limit, as a share of the limit; negative within it, null where the limit is zero.</summary>
    public static double? Beyond(double? value, double limit, Bound bound) => value is not { } number || limit == 0
        ? null
        : bound is Bound.AtMost ? (number / limit) - 1 : 1 - (number / limit);

    private static SloRow Row(SloAssessment assessment, int minRequests)
    {
        var slo = assessment.Slo;
        var printable = slo.Metric is not QuantileMetric || assessment.Requests >= minRequests;
        double? Shown(double? value) => printable && value is { } number && double.IsFinite(number) ? number : null;
        var decisive = slo.Bound is Bound.AtMost ? assessment.Upper : assessment.Lower;
        return new SloRow
        {
            Slo = slo.Text,
            Unit = Unit(slo.Metric),
            Bound = slo.Bound,
            Limit = slo.Limit,
            Phase = slo.Phase,
            Verdict = assessment.Verdict,
            Binding = false,
            Estimate = Shown(assessment.Estimate),
            Lower = Shown(assessment.Lower),
            Upper = Shown(assessment.Upper),
            Margin = -Beyond(Shown(decisive), slo.Limit, slo.Bound),
            Requests = assessment.Requests,
            EffectiveRequests = assessment.EffectiveRequests,
            Repeats = assessment.Repeats,
            WithinDeviation = assessment.WithinDeviation,
            BetweenDeviation = assessment.BetweenDeviation,
            Reason = printable ? assessment.Reason : $"{assessment.Reason} (no percentile is printed from {assessment.Requests} requests, {minRequests} are needed)",
        };
    }

    private static int LeastMargin(ImmutableArray<SloRow> rows)
    {
        var best = -1;
        for (var index = 0; index < rows.Length; index++)
        {
            if (Room(rows[index]) is { } room && (best < 0 || room < Room(rows[best])))
            {
                best = index;
            }
        }

        return best;
    }

    private static double? Room(SloRow row) => row.Margin ?? -Beyond(row.Estimate, row.Limit, row.Bound);
}
