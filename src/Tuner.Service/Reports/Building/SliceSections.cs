using System.Collections.Immutable;
using Tuner.Core.Space;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Building;

/// <summary>The measured candidates by each parameter's values.</summary>
internal static class SliceSections
{
    public static ImmutableArray<SliceData> Of(ReportMaterial material, ImmutableArray<CandidateRow> candidates)
    {
        var measured = candidates
            .Where(row => row.Standing is not (Standing.NotMeasured or Standing.Failed))
            .Select(row => (Row: row, Latency: ComparedRows.LatencyOf(material, row)))
            .Where(item => item.Latency is > 0)
            .Select(item => (item.Row, Latency: item.Latency!.Value))
            .ToList();
        return [.. material.Sweep.Space.Parameters.Select(parameter => Slice(parameter.Name, measured)).Where(slice => slice.Values.Length > 1)];
    }

    private static SliceData Slice(string name, List<(CandidateRow Row, double Latency)> measured) => new(
        name,
        [
            .. measured
                .GroupBy(item => item.Row.Parameters.FirstOrDefault(parameter => parameter.Name == name)?.Value ?? "", StringComparer.Ordinal)
                .Select(group => (Value: ParameterValue.Of(group.Key), Points: group))
                .OrderBy(group => group.Value.Number ?? double.MaxValue)
                .ThenBy(group => group.Value.Text, StringComparer.Ordinal)
                .Select(group => new SliceValue(group.Value.Text, [.. group.Points.Select(item => new SlicePoint(item.Row.Key, item.Latency, item.Row.Standing))])),
        ]);
}
